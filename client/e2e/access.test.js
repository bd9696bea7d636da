// By keyboard alone, and by the rules of WCAG as axe checks them. It does not know what a screen reader makes of the page.

import assert from "node:assert/strict";
import { inspect } from "./support/axe.js";
import { eventually } from "./support/lobby.js";
import { scene } from "./support/scene.js";

const TABS_MAX = 30;

scene("everything can be done by keyboard", async ({ visit, write }) => {
  const mei = await write("Mei");
  for (const text of ["one", "two", "three"]) await mei.write(text);
  const ana = await visit();
  await ana.shows("one", "two", "three");
  const press = (key) => ana.page.keyboard.press(key);
  await eventually(async () => assert.equal(await focused(ana), "composer", "one can write at once"));

  await press("Shift+Tab");
  assert.equal(await focused(ana), "log");
  await press("ArrowUp");
  assert.equal(await focusedText(ana), "three");
  await press("ArrowUp");
  assert.equal(await focusedText(ana), "two");
  await press("Home");
  assert.equal(await focusedText(ana), "one");
  await press("ArrowDown");
  await press("End");
  assert.equal(await focusedText(ana), "three");
  assert.ok(await hasRing(ana), "one sees where one is");
  await press("Escape");
  assert.equal(await focused(ana), "composer");

  await tabTo(ana, "settings-button");
  assert.ok(await hasRing(ana));
  await press("Enter");
  await ana.part("theme-select").waitFor();
  for (let tab = 0; tab < 12; tab += 1) {
    await press("Tab");
    const inside = await ana.page.evaluate(() => {
      const active = document.activeElement;
      return active === document.body || active.closest("dialog") !== null;
    });
    assert.ok(inside, "the focus does not leave an open dialog");
  }
  await press("Escape");
  await ana.part("theme-select").waitFor({ state: "hidden" });
  await eventually(async () => assert.equal(await focused(ana), "settings-button", "the focus returns"));

  await tabTo(ana, "name-button");
  await press("Enter");
  await eventually(async () => assert.equal(await focused(ana), "name-input"));
  await ana.page.keyboard.type("Ana");
  await press("Enter");
  await ana.part("name-input").waitFor({ state: "hidden" });
  await ana.part("notice").getByText("Your name has been changed.").waitFor();
  await eventually(async () => assert.equal(await focused(ana), "name-button"));

  await ana.page.evaluate(() => document.activeElement.blur());
  await ana.page.keyboard.type("typed anywhere");
  assert.equal(await ana.composer.inputValue(), "typed anywhere");
  await press("Enter");
  await ana.shows("one", "two", "three", "typed anywhere");
});

scene("the first stop leads past everything to the message", async ({ visit }) => {
  const ana = await visit();
  const skip = ana.page.getByRole("link", { name: "Skip to writing a message" });
  const isFirst = (link) => link === document.querySelector("a[href], button, input, select, textarea, [tabindex]");
  assert.ok(await skip.evaluate(isFirst));
  const isThere = () => skip.evaluate((link) => link === document.activeElement);
  for (let tab = 0; tab < TABS_MAX && !(await isThere()); tab += 1) await ana.page.keyboard.press("Tab");
  assert.ok(await isThere());
  await eventually(async () => assert.ok((await skip.boundingBox()).width > 50, "one sees it"));
  await ana.page.keyboard.press("Enter");
  assert.equal(await focused(ana), "composer");
});

scene("on a narrow page the drawer opens and closes by keyboard", async ({ visit }) => {
  const ana = await visit({ viewport: { width: 360, height: 740 } });
  await tabTo(ana, "people-button");
  await ana.page.keyboard.press("Enter");
  await ana.part("people").waitFor();
  await ana.part("settings-button").focus();
  await ana.page.keyboard.press("Enter");
  await ana.part("theme-select").waitFor();
  await ana.escape();
  await ana.part("theme-select").waitFor({ state: "hidden" });
  await eventually(async () => assert.equal(await focused(ana), "settings-button", "only the topmost closes"));
  await ana.escape();
  await ana.part("people").waitFor({ state: "hidden" });
  await eventually(async () => assert.equal(await focused(ana), "people-button"));
});

scene("new messages of others are read out, and history is not", async ({ visit, write }) => {
  const mei = await write("Mei");
  await mei.write("long ago");
  const ana = await visit();
  await ana.shows("long ago");
  const heard = ana.part("announcer");
  assert.equal(await heard.innerText(), "");
  await mei.write("just now");
  await eventually(async () => assert.equal((await heard.textContent()).trim(), "Mei: just now"));
  await ana.say("my own");
  await ana.shows("long ago", "just now", "my own");
  assert.ok(!(await heard.textContent()).includes("my own"));
  assert.equal(await ana.log.getAttribute("aria-live"), "off");
});

for (const colorScheme of ["light", "dark"]) {
  for (const width of [360, 1280]) {
    scene(`axe finds nothing: ${colorScheme}, ${width} pixels`, async (scene) => {
      const ana = await scene.visit({ colorScheme, viewport: { width, height: 740 } });
      await inspect(ana, "nobody has written");
      const mei = await scene.write("Mei");
      await mei.write("A word, and a link: https://example.org/");
      await mei.write("🎉");
      await ana.say("An answer");
      await ana.shows("A word, and a link: https://example.org/", "🎉", "An answer");
      await inspect(ana, "a conversation");
      await ana.openSettings();
      await inspect(ana, "settings");
      await ana.part("name-input").fill(" ");
      await ana.part("name-save").click();
      await inspect(ana, "settings with something wrong");
      await ana.escape();
      await ana.part("name-input").waitFor({ state: "hidden" });
      if (width < 768) {
        await inspect(ana, "the drawer");
        await ana.escape();
        await ana.part("people").waitFor({ state: "hidden" });
      }
      await scene.server.kill();
      await ana.say("while it is down");
      await ana.banner.waitFor();
      await inspect(ana, "no connection");
    });
  }
}

/** Presses Tab until the part has the focus. */
async function tabTo(lobby, part) {
  for (let tab = 0; tab < TABS_MAX; tab += 1) {
    if ((await focused(lobby)) === part) return;
    await lobby.page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not lead to ${part}`);
}

async function focused(lobby) {
  return lobby.page.evaluate(() => document.activeElement?.dataset.testid ?? null);
}

async function focusedText(lobby) {
  return lobby.page.evaluate(() => document.activeElement.querySelector("[data-testid=message-text]")?.innerText);
}

/** Whether what has the focus, or what is drawn for it, has an outline or a shadow. */
async function hasRing(lobby) {
  return lobby.page.evaluate(() => {
    const parts = [document.activeElement, ...document.activeElement.querySelectorAll("*")];
    return parts.map((part) => getComputedStyle(part)).some((style) =>
      (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2));
  });
}
