// A store that is altered by hand, and what the page says of it. It does not know how the page finds it.

import assert from "node:assert/strict";
import { inspect } from "./support/axe.js";
import { kept } from "./support/kept.js";
import { eventually, MENDED_MS_MAX } from "./support/lobby.js";
import { scene } from "./support/scene.js";

const OTHER = `'{"type":"text","text":"I owe you 10"}'`;
const ALTER = `UPDATE messages SET body = ${OTHER} WHERE body LIKE '%owe you 1000%'`;

for (const [language, said, mark] of [
  ["en", /A message by .+ from .+ isn’t what was sent/, "Not what was sent"],
  ["zh", /的一条消息不是发送时的内容/, "不是发送时的内容"],
]) {
  for (const [width, colorScheme] of [[360, "dark"], [1280, "light"]]) {
    scene(`a row that is altered by hand is named, ${language} at ${width}`, async (scene) => {
      const ana = await scene.visit({ locale: language, colorScheme, viewport: { width, height: 760 } });
      await sayAll(ana, "good morning", "I owe you 1000", "thank you");
      await hasLookedAt(ana, 3);
      assert.equal(await ana.part("doubt").count(), 0, "what is right is not spoken of");

      await scene.server.stop();
      await scene.server.alter(ALTER);
      await scene.server.start();
      await ana.page.reload();
      await ana.entered();
      await ana.part("doubt").waitFor();
      assert.match(await ana.part("doubt").innerText(), said);
      await ana.row("I owe you 10").getByText(mark).waitFor();
      assert.equal(await ana.part("message-doubt").count(), 1, "one message, and no other");
      await inspect(ana, `a broken history, ${language} at ${width}`);
      const wide = await ana.page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `nothing stands beyond the edge: ${wide}`);

      await ana.part("doubt-show").click();
      const focused = () => ana.page.evaluate(() => document.activeElement?.dataset.testid);
      await eventually(async () => assert.equal(await focused(), "message"));
      await ana.part("doubt-dismiss").click();
      await ana.part("doubt").waitFor({ state: "detached" });
      assert.equal(await ana.part("message-doubt").count(), 1, "the mark stays");
    });
  }
}

scene("a message that is gone is missed by whoever comes next", async (scene) => {
  const ana = await scene.visit();
  await sayAll(ana, "one", "two", "three");
  await scene.server.stop();
  await scene.server.alter(`DELETE FROM messages WHERE body LIKE '%two%'`);
  await scene.server.start();
  const bo = await scene.visit();
  await bo.part("doubt").waitFor();
  assert.match(await bo.part("doubt").innerText(), /missing/);
});

scene("a server that was set back is missed what it told", async (scene) => {
  const ana = await scene.visit();
  await sayAll(ana, "kept", "lost 1", "lost 2");
  await hasLookedAt(ana, 3);
  await scene.server.stop();
  await scene.server.alter(`
    DELETE FROM messages WHERE seq > 1; DELETE FROM entries WHERE seq > 1;
    UPDATE conversations SET last_seq = 1, head = (SELECT head FROM entries WHERE seq = 1)`);
  await scene.server.start();
  await ana.part("doubt").waitFor({ timeout: MENDED_MS_MAX });
  assert.match(await ana.part("doubt").innerText(), /The last 2 things that this browser saw here are gone/);
});

scene("what proves is fetched again when it did not come", async (scene) => {
  scene.expect(/Failed to load resource|Failed to fetch/);
  let asked = 0;
  const isGone = (route) => (asked++, route.abort());
  const ana = await scene.visit({ before: (page) => page.route("**/proof-*.wasm", isGone) });
  await ana.say("hello");
  await eventually(() => assert.ok(asked > 0));
  await ana.page.unroute("**/proof-*.wasm");
  await scene.server.kill();
  await ana.banner.waitFor();
  await scene.server.start();
  await hasLookedAt(ana, 1);
});

/** Waits until the page has looked at what was told up to this place: then it keeps what it saw. */
async function hasLookedAt(lobby, place) {
  const isSeen = (text) => text.includes('"entries":[') && text.includes(`"seq":${place},`);
  await eventually(async () => assert.ok((await kept(lobby)).cache.some(isSeen), `${place} is looked at`));
}

/** Writes these, each after the one before has arrived. */
async function sayAll(lobby, ...texts) {
  for (const [index, text] of texts.entries()) {
    await lobby.say(text);
    await lobby.shows(...texts.slice(0, index + 1));
  }
}
