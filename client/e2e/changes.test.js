// What becomes of a message after it was sent: changed, deleted, mentioned in, read, marked as unread. It does not know how
// any of it looks.

import assert from "node:assert/strict";
import { ask, claimForTeam, registered, submit, visitPath } from "./support/account.js";
import { inspect } from "./support/axe.js";
import { eventually, MENDED_MS_MAX } from "./support/lobby.js";
import { scene } from "./support/scene.js";

/** Two people who talk, each with the talk in front of them. */
async function two(scene, options = {}) {
  const { viewport, ...rest } = options;
  const ana = await claimForTeam(scene, "ana", rest);
  const bo = await registered(scene, "bo", rest);
  if (viewport) for (const lobby of [ana, bo]) await lobby.page.setViewportSize(viewport);
  const talk = await ask(ana, "PUT", `/direct/${bo.id}`);
  await visitPath(scene, ana, `/c/${talk.id}`);
  await ana.say("first");
  await visitPath(scene, bo, `/c/${talk.id}`);
  await bo.shows("first");
  await ana.shows("first");
  return { ana, bo, talk };
}

/** Opens what can be done about the message with this text. */
async function openMenu(lobby, text) {
  await lobby.row(text).hover();
  await lobby.row(text).getByTestId("message-more").click();
  await lobby.part("menu").waitFor();
}

/** Waits until the last message of one's own is marked so. */
async function isMarked(lobby, text, mark) {
  await eventually(async () => assert.equal(await lobby.row(text).getByTestId("mark").getAttribute("title"), mark));
}

scene("a change shows on both sides, with what was said before", async (scene) => {
  const { ana, bo } = await two(scene);
  await ana.say("see you at nine");
  await bo.shows("first", "see you at nine");
  await openMenu(ana, "see you at nine");
  await ana.part("edit").click();
  await ana.part("editing").waitFor();
  await ana.say("see you at ten");
  await ana.shows("first", "see you at ten");
  await bo.shows("first", "see you at ten");
  await bo.part("edited").waitFor();
  await bo.part("edited").click();
  await eventually(async () =>
    assert.deepEqual(await bo.part("version-text").allInnerTexts(), ["see you at ten", "see you at nine"]),
  );
  await bo.escape();

  await ana.composer.press("ArrowUp");
  await eventually(async () => assert.equal(await ana.composer.inputValue(), "see you at ten"));
  await ana.composer.press("Escape");
  assert.equal(await ana.composer.inputValue(), "");
  await bo.page.reload();
  await bo.shows("first", "see you at ten");
});

scene("a deleted message is gone on both sides and leaves its place", async (scene) => {
  const { ana, bo } = await two(scene);
  await ana.say("a secret");
  await bo.shows("first", "a secret");
  await openMenu(ana, "a secret");
  await ana.part("delete").click();
  await ana.part("delete-sure").click();
  await ana.shows("first", "This message was deleted");
  await bo.shows("first", "This message was deleted");
  // The list says what was said last, and is drawn apart from the messages.
  await eventually(async () => assert.doesNotMatch(await bo.page.content(), /a secret/));
  await openMenu(bo, "first");
  assert.equal(await bo.part("delete").count(), 0, "what the other wrote stays");
});

scene("changes and deletions that were made without a connection arrive", async (scene) => {
  const { ana, bo } = await two(scene);
  await ana.say("one");
  await ana.say("two");
  await ana.shows("first", "one", "two");
  // What is done about messages comes a while after they are read, and from then on needs no server.
  await openMenu(ana, "one");
  await ana.page.keyboard.press("Escape");
  await ana.part("menu").waitFor({ state: "hidden" });
  await scene.server.kill();
  await openMenu(ana, "one");
  await ana.part("edit").click();
  await ana.part("editing").waitFor();
  await ana.say("1");
  await openMenu(ana, "two");
  await ana.part("delete").click();
  await ana.part("delete-sure").click();
  await scene.server.start();
  for (const lobby of [ana, bo]) {
    await eventually(() => lobby.shows("first", "1", "This message was deleted"), MENDED_MS_MAX);
  }
});

scene("ticks say that a message was delivered, and that it was read", async (scene) => {
  const { ana, bo } = await two(scene);
  await isMarked(ana, "first", "Read");
  await bo.entry("Lobby").click();
  await bo.part("people").waitFor();
  await ana.say("are you there?");
  await isMarked(ana, "are you there?", "Delivered");
  await bo.entry("ana").click();
  await isMarked(ana, "are you there?", "Read");
});

scene("whoever keeps what they read to themselves is seen to have it, and no more", async (scene) => {
  const { ana, bo, talk } = await two(scene);
  await visitPath(scene, bo, "/settings/profile");
  await bo.part("tells-read").uncheck();
  await submit(bo, "profile-form");
  await bo.part("form-done").filter({ hasText: /./ }).first().waitFor();
  await visitPath(scene, bo, `/c/${talk.id}`);
  await ana.say("did you see this?");
  await bo.shows("first", "did you see this?");
  await isMarked(ana, "did you see this?", "Delivered");
  await bo.page.waitForTimeout(2_500);
  await isMarked(ana, "did you see this?", "Delivered");
});

scene("whoever is mentioned in a group sees it in the list, and apart from what is unread", async (scene) => {
  const { ana, bo } = await two(scene);
  const group = await ask(ana, "POST", "/groups", { name: "Rowers", public: false, people: [bo.id] });
  await visitPath(scene, ana, `/c/${group.id}`);
  await ana.say("on Sunday");
  await ana.composer.pressSequentially("at nine, @b");
  await ana.part("completion-one").first().waitFor();
  await inspect(ana, "the names that may be meant");
  await ana.composer.press("Enter");
  await eventually(async () => assert.equal(await ana.composer.inputValue(), "at nine, @bo "));
  await ana.composer.press("Enter");
  await eventually(async () => {
    assert.equal(await bo.entry("Rowers").getByTestId("mention-badge").count(), 1);
    assert.match(await bo.page.title(), /^\(2, @1\)/);
  });
  await bo.entry("Rowers").click();
  await bo.part("mention").waitFor();
  assert.equal(await bo.part("mention").getAttribute("data-me"), "");
  await eventually(async () => assert.doesNotMatch(await bo.page.title(), /^\(/));
  assert.equal(await bo.part("mention-badge").count(), 0);
});

scene("what is marked as unread stays so until it is opened anew", async (scene) => {
  const { ana, bo } = await two(scene);
  await ana.say("second");
  await bo.shows("first", "second");
  await openMenu(bo, "second");
  await bo.part("mark-unread").click();
  await bo.part("divider-unread").waitFor();
  await eventually(async () => assert.match(await bo.page.title(), /^\(1\)/));
  await bo.entry("Lobby").click();
  await bo.part("people").waitFor();
  await eventually(async () => assert.match(await bo.entry("ana").innerText(), /1 unread/));
  await bo.page.reload();
  await bo.entered();
  await eventually(async () => assert.match(await bo.entry("ana").innerText(), /1 unread/));
  await bo.entry("ana").click();
  await eventually(async () => assert.doesNotMatch(await bo.page.title(), /^\(/));

  await bo.entry("Lobby").click();
  await bo.part("people").waitFor();
  await bo.entry("ana").click({ button: "right" });
  await bo.part("mark-unread").click();
  await eventually(async () => assert.match(await bo.entry("ana").innerText(), /1 unread/));

  // The same by its button, with keys alone.
  await bo.entry("ana").focus();
  await bo.page.keyboard.press("Tab");
  await bo.page.keyboard.press("Enter");
  await bo.part("mark-read").waitFor();
  // The menu leads the focus to what stands first in it with the next drawing.
  const focused = () => bo.page.evaluate(() => document.activeElement?.dataset.testid);
  await eventually(async () => assert.equal(await focused(), "mark-read"));
  await bo.page.keyboard.press("Enter");
  await eventually(async () => assert.doesNotMatch(await bo.entry("ana").innerText(), /unread/));
});

for (const width of [360, 1280]) {
  for (const colorScheme of ["light", "dark"]) {
    scene(`what can be done about a message suits everyone, ${colorScheme}, at ${width} pixels`, async (scene) => {
      const { ana, bo } = await two(scene, { viewport: { width, height: 740 }, colorScheme });
      await openMenu(ana, "first");
      await inspect(ana, "the menu");
      await ana.part("edit").click();
      await inspect(ana, "a message that is being changed");
      await ana.say("changed");
      await bo.part("edited").waitFor();
      await bo.part("edited").click();
      await bo.part("version").first().waitFor();
      await inspect(bo, "earlier versions");
      await openMenu(ana, "changed");
      await ana.part("delete").click();
      await inspect(ana, "the question");
      await ana.part("delete-sure").click();
      await ana.shows("This message was deleted");
      await inspect(ana, "a deleted message");
    });
  }
}
