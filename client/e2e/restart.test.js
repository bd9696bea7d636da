// The server goes away and comes back while people talk. It does not know how the page mends its connection.

import assert from "node:assert/strict";
import { limits } from "./support/limits.js";
import { eventually, MENDED_MS_MAX } from "./support/lobby.js";
import { scene } from "./support/scene.js";

scene("a server that is killed costs nobody a message", async (scene) => {
  const [ana, bo] = [await scene.visit(), await scene.visit()];
  await ana.say("before 1");
  await bo.shows("before 1");
  await bo.say("before 2");
  await ana.shows("before 1", "before 2");

  // The link is lost some time before one hears that the server has ended.
  const killed = Date.now();
  await scene.server.kill();
  await ana.say("ana while it is down");
  await bo.say("bo while it is down");
  await ana.say("ana once more");
  assert.deepEqual(await states(ana), ["sent", "sent", "waiting", "waiting"]);
  assert.equal(await ana.row("ana once more").getByText("Sending").count(), 1, "it says that it waits");
  for (const lobby of [ana, bo]) {
    await lobby.banner.waitFor();
    const shown = Date.now() - killed;
    assert.ok(shown >= limits.LINK_LOSS_SHOWN_AFTER_MS - 250, `the banner came after ${shown} ms already`);
    assert.match(await lobby.banner.innerText(), /Connection lost/);
    assert.match(await lobby.part("people-count").innerText(), /Offline/);
  }
  await ana.say("ana under the banner");

  await scene.server.start();
  for (const lobby of [ana, bo]) await lobby.banner.waitFor({ state: "detached", timeout: MENDED_MS_MAX });
  await agree(ana, bo, [
    "before 1",
    "before 2",
    "ana while it is down",
    "ana once more",
    "ana under the banner",
    "bo while it is down",
  ]);
  assert.ok(inOrder(await ana.texts(), ["ana while it is down", "ana once more", "ana under the banner"]));
  await bo.say("after");
  await eventually(async () => assert.equal((await ana.texts()).at(-1), "after"));
});

scene("killed again and again while people write, every message is there once", async (scene) => {
  const [ana, bo] = [await scene.visit(), await scene.visit()];
  const said = [];
  const both = async (text) => {
    for (const [lobby, name] of [[ana, "ana"], [bo, "bo"]]) {
      said.push(`${name} ${text}`);
      await lobby.say(said.at(-1));
    }
  };
  for (let round = 1; round <= 3; round += 1) {
    // What is written just before is under way when the server dies.
    for (let n = 1; n <= 5; n += 1) await both(`round ${round} message ${n}`);
    await scene.server.kill();
    await both(`round ${round} while it is down`);
    await scene.server.start();
  }
  await agree(ana, bo, said);
  for (const name of ["ana", "bo"]) {
    assert.ok(inOrder(await bo.texts(), said.filter((text) => text.startsWith(name))), `${name}'s stand in order`);
  }
});

scene("a server that stops politely is back before anyone is told", async (scene) => {
  const watch = (page) =>
    page.addInitScript(() => {
      const seen = new MutationObserver(() => {
        if (document.querySelector("[data-testid=link-banner]")) window.bannerWasSeen = true;
      });
      seen.observe(document, { childList: true, subtree: true });
    });
  const [ana, bo] = [await scene.visit({ before: watch }), await scene.visit({ before: watch })];
  await ana.say("before");
  await bo.shows("before");

  const asked = Date.now();
  assert.equal(await scene.server.stop(), 0, "it ends as a program that was asked to");
  const stopped = Date.now();
  assert.ok(stopped - asked < limits.SHUTDOWN_TIMEOUT_MS, "it does not wait for the last moment");
  await ana.say("ana while it restarts");
  await bo.say("bo while it restarts");
  await scene.server.start();
  await agree(ana, bo, ["before", "ana while it restarts", "bo while it restarts"]);
  // The link may be lost as soon as the server is asked to stop.
  const back = Date.now() - asked;
  scene.report(`back ${back} ms after it was asked to stop`);
  // Only a machine that took its time to stop the server and to start it again may let the banner appear.
  if (back < limits.LINK_LOSS_SHOWN_AFTER_MS) {
    for (const lobby of [ana, bo]) assert.ok(!(await lobby.page.evaluate(() => window.bannerWasSeen)));
  }
});

scene("who does not want to wait connects at once", async (scene) => {
  const ana = await scene.visit();
  await scene.server.kill();
  await ana.banner.waitFor();
  // The longer it lasts, the longer the waits: the countdown becomes readable.
  await eventually(async () => assert.match(await ana.banner.innerText(), /again in \d+ second/));
  await scene.server.start();
  await eventually(async () => {
    const retry = ana.part("retry-now");
    if (await retry.isVisible()) await retry.click({ timeout: 500 });
    assert.equal(await ana.banner.count(), 0);
  });
  await ana.say("hello again");
  await ana.shows("hello again");
});

async function states(lobby) {
  return (await lobby.messages()).map((message) => message.state);
}

/** Waits until both windows show these messages, each once and in the same order, and no others. */
async function agree(ana, bo, texts) {
  await eventually(async () => {
    const [here, there] = [await ana.messages(), await bo.messages()];
    assert.deepEqual(here.map((message) => message.text).sort(), [...texts].sort());
    assert.deepEqual(here.map((message) => message.id), there.map((message) => message.id));
    assert.ok([...here, ...there].every((message) => message.state === "sent"), "all are sent");
  }, MENDED_MS_MAX);
}

/** Whether `some` stand in `all` in this order. */
function inOrder(all, some) {
  const places = some.map((text) => all.indexOf(text));
  return places.every((place, index) => place >= 0 && (index === 0 || place > places[index - 1]));
}
