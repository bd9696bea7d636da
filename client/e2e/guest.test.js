// Who one is: a guest whom the browser's cookie makes known again. It does not know what guests say.

import assert from "node:assert/strict";
import { eventually } from "./support/lobby.js";
import { scene } from "./support/scene.js";

scene("a reload, a second window and a restart of the server find the same guest", async (scene) => {
  const ana = await scene.visit();
  const id = await idOf(ana);
  assert.match(id, /^[0-9a-f]{32}$/);
  await ana.rename("Ana");
  await ana.say("mine");
  await ana.shows("mine");

  await ana.page.reload();
  await ana.entered();
  assert.equal(await idOf(ana), id);
  await isAna(ana);

  const second = await scene.window(ana.page.context());
  assert.equal(await idOf(second), id);
  await isAna(second);
  assert.equal(await ana.online(), 1, "one person, however many windows");
  await second.say("from the second");
  await ana.shows("mine", "from the second");
  assert.ok((await ana.messages()).every((message) => message.mine));

  await scene.server.stop();
  await scene.server.start();
  await ana.page.reload();
  await ana.entered();
  assert.equal(await idOf(ana), id);
  await isAna(ana);
});

scene("another browser is another guest", async ({ visit }) => {
  const [ana, bo] = [await visit(), await visit()];
  assert.notEqual(await idOf(ana), await idOf(bo));
  await ana.say("mine");
  await bo.shows("mine");
  assert.equal((await bo.messages())[0].mine, false);
});

scene("a name that cannot be is explained, and the old one stays", async ({ visit }) => {
  const ana = await visit();
  await ana.rename("Ana");
  for (const [name, said] of [
    [" ", "Please enter a name that others can read."],
    ["x".repeat(41), "This name is too long; the limit is 40 characters."],
    ["An\u202Ea", "This name has an invisible character (U+202E)."],
  ]) {
    await ana.part("name-button").click();
    await ana.part("name-input").fill(name);
    await ana.part("name-save").click();
    await ana.page.getByText(said).waitFor();
    await ana.escape();
    await ana.part("name-input").waitFor({ state: "hidden" });
  }
  await isAna(ana);
});

async function idOf(lobby) {
  await lobby.openSettings();
  const id = await lobby.page.getByRole("dialog").locator("code").innerText();
  await lobby.escape();
  await lobby.part("name-input").waitFor({ state: "hidden" });
  return id;
}

async function isAna(lobby) {
  await eventually(async () => assert.match(await lobby.part("name-button").innerText(), /^Ana\b|\nAna\b/));
}
