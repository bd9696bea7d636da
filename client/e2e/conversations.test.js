// Many conversations: people who talk in twos, in a group and in the Lobby, on several devices and through losses. It does not
// know how friends are found or groups are looked after.

import assert from "node:assert/strict";
import { ask, claimForTeam, isAt, registered, signIn, visitPath } from "./support/account.js";
import { inspect } from "./support/axe.js";
import { eventually, MENDED_MS_MAX } from "./support/lobby.js";
import { scene } from "./support/scene.js";

/** Two people who may write to each other, and the talk that the first one opened. */
async function two(scene, { viewport, ...options } = {}) {
  const ana = await claimForTeam(scene, "ana", options);
  const bo = await registered(scene, "bo", options);
  // The first start leads there from the list, which a narrow window keeps in its drawer.
  if (viewport) for (const lobby of [ana, bo]) await lobby.page.setViewportSize(viewport);
  const talk = await ask(ana, "PUT", `/direct/${bo.id}`);
  return { ana, bo, talk };
}

/** Waits until the entry of this name says this. */
async function says(lobby, name, pattern) {
  await eventually(async () => assert.match(await lobby.entry(name).innerText(), pattern));
}

scene("two people talk, and nobody else hears of it", async (scene) => {
  const { ana, bo, talk } = await two(scene);
  const cy = await registered(scene, "cy");
  await ana.entry("bo").click();
  await isAt(ana, `/c/${talk.id}`);
  await ana.part("empty").waitFor();
  await ana.say("are you there?");
  await says(bo, "ana", /are you there\?[\s\S]*1/);
  await bo.entry("ana").click();
  await bo.shows("are you there?");
  await bo.say("I am");
  await ana.shows("are you there?", "I am");
  await says(ana, "bo", /I am/);
  await eventually(async () => assert.doesNotMatch(await bo.entry("ana").innerText(), /unread/));
  assert.equal((await cy.entries()).length, 1, "cy has the Lobby alone");

  await visitPath(scene, cy, `/c/${talk.id}`);
  await cy.part("missing").waitFor();
  assert.equal(await cy.part("composer").count(), 0);
});

scene("what is read on one device is read on the other", async (scene) => {
  const { ana, bo, talk } = await two(scene);
  const phone = await scene.visit({ viewport: { width: 360, height: 740 } });
  await visitPath(scene, phone, "/sign-in");
  await signIn(phone, "bo");
  await isAt(phone, "/");
  await phone.entered();
  await visitPath(scene, ana, `/c/${talk.id}`);
  await ana.say("one");
  await ana.say("two");
  await says(bo, "ana", /2 unread/);
  await eventually(async () => assert.match(await phone.page.title(), /^\(2\)/));
  await bo.entry("ana").click();
  await bo.shows("one", "two");
  await eventually(async () => assert.doesNotMatch(await phone.page.title(), /^\(/));
});

scene("on a phone the list opens over the conversation, leads to another, and back leads back", async (scene) => {
  const { ana, bo, talk } = await two(scene, { viewport: { width: 360, height: 740 } });
  await visitPath(scene, ana, `/c/${talk.id}`);
  await ana.say("hello");
  await bo.part("list-button").click();
  await bo.entry("ana").click();
  await isAt(bo, `/c/${talk.id}`);
  await bo.shows("hello");
  await eventually(async () => assert.equal(await bo.part("conversations").isVisible(), false, "the list is closed"));
  await bo.page.goBack();
  await isAt(bo, "/");
  await bo.page.goForward();
  await bo.shows("hello");
  await bo.page.reload();
  await bo.shows("hello");
});

scene("messages of every conversation that were written without a connection arrive, each once", async (scene) => {
  const { ana, bo, talk } = await two(scene);
  await visitPath(scene, ana, `/c/${talk.id}`);
  await ana.say("before");
  await ana.shows("before");
  await scene.server.kill();
  await ana.say("to bo");
  await ana.entry("Lobby").click();
  await ana.say("to all");
  await scene.server.start();
  // The longer it was away, the longer a page may wait before it tries again.
  await eventually(() => ana.shows("to all"), MENDED_MS_MAX);
  await bo.entry("ana").click();
  await eventually(() => bo.shows("before", "to bo"), MENDED_MS_MAX);
  await bo.entry("Lobby").click();
  await bo.shows("to all");
});

scene("what happens in a group stands among what is said, and whoever leaves reads nothing more", async (scene) => {
  const { ana, bo } = await two(scene);
  const group = await ask(ana, "POST", "/groups", { name: "Rowers", public: false, people: [bo.id] });
  await says(bo, "Rowers", /added you/);
  await bo.entry("Rowers").click();
  await bo.part("happening").filter({ hasText: "added you" }).waitFor();
  await visitPath(scene, ana, `/c/${group.id}`);
  await ana.say("on Sunday at nine");
  await bo.shows("on Sunday at nine");
  await ask(bo, "DELETE", `/groups/${group.id}/members/${bo.id}`);
  await bo.part("missing").waitFor();
  await eventually(async () => assert.equal(await bo.entry("Rowers").count(), 0));
  await ana.part("happening").filter({ hasText: "bo left the group" }).waitFor();
});

for (const width of [360, 1280]) {
  for (const colorScheme of ["light", "dark"]) {
    scene(`the list and its conversations suit everyone, ${colorScheme}, at ${width} pixels`, async (scene) => {
      const { ana, bo, talk } = await two(scene, { viewport: { width, height: 740 }, colorScheme });
      await visitPath(scene, ana, `/c/${talk.id}`);
      await ana.say("look at this");
      await ana.shows("look at this");
      await inspect(ana, "the talk of two");
      await bo.openDrawer();
      await says(bo, "ana", /look at this/);
      await inspect(bo, "the list");
      await visitPath(scene, bo, `/c/${"7".repeat(32)}`);
      await bo.part("missing").waitFor();
      await inspect(bo, "what is not there");
    });
  }
}
