// Enter in the field where one writes: input methods, lines, drafts, phones. It does not know what becomes of a message.

import assert from "node:assert/strict";
import { scene } from "./support/scene.js";

/** Codes of keys as Windows names them; the second stands for a key that an input method has taken. */
const [ENTER, PROCESS] = [13, 229];
/** The bit of the Control key in the browser's debugging protocol. */
const CONTROL = 2;

scene("Enter that ends a Chinese composition does not send", async ({ visit }) => {
  const ana = await visit();
  const keyboard = await ana.page.context().newCDPSession(ana.page);
  await ana.composer.focus();
  const compose = (text) =>
    keyboard.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
  // An input method takes the key for itself: it reaches the page, and writes nothing.
  const press = (windowsVirtualKeyCode, modifiers = 0) =>
    keyboard.send("Input.dispatchKeyEvent", { type: "rawKeyDown", key: "Enter", code: "Enter", windowsVirtualKeyCode, modifiers });
  await ana.composer.evaluate((field) => {
    window.composingEnters = 0;
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.isComposing) window.composingEnters += 1;
    });
  });
  for (const text of ["n", "ni", "ni h", "ni hao"]) await compose(text);
  await press(ENTER);
  await press(PROCESS);
  await press(ENTER, CONTROL);
  assert.equal(await ana.page.evaluate(() => window.composingEnters), 3, "the page was told of the keys");
  assert.deepEqual(await ana.texts(), [], "nothing is sent while it composes");
  await keyboard.send("Input.insertText", { text: "你好" });
  assert.equal(await ana.composer.inputValue(), "你好");
  assert.deepEqual(await ana.texts(), []);
  await ana.page.keyboard.press("Enter");
  await ana.shows("你好");
  assert.equal(await ana.composer.inputValue(), "");
});

scene("Enter that Safari tells after the composition does not send either", async ({ visit }) => {
  const ana = await visit();
  await ana.composer.fill("拼音");
  // Safari ends the composition first and then tells of the key, in the same task; older ones give it code 229.
  for (const keyCode of [229, 13]) {
    await ana.composer.evaluate((field, keyCode) => {
      field.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
      // Made together, since they are of one moment: how long the page takes for the first must not matter.
      const end = new CompositionEvent("compositionend", { bubbles: true, data: "拼音" });
      const key = new KeyboardEvent("keydown", { key: "Enter", code: "Enter", keyCode, bubbles: true, cancelable: true });
      field.dispatchEvent(end);
      field.dispatchEvent(key);
    }, keyCode);
    assert.deepEqual(await ana.texts(), [], `with key code ${keyCode}`);
  }
  await ana.composer.press("Enter");
  await ana.shows("拼音");
});

scene("Shift+Enter makes a line, and the field grows with them", async ({ visit }) => {
  const ana = await visit();
  const height = async () => (await ana.composer.boundingBox()).height;
  const one = await height();
  await ana.composer.pressSequentially("first");
  await ana.composer.press("Shift+Enter");
  await ana.composer.pressSequentially("second");
  assert.ok((await height()) > one);
  assert.deepEqual(await ana.texts(), []);
  await ana.composer.press("Enter");
  await ana.shows("first\nsecond");
  assert.equal(await height(), one, "it is small again");

  await ana.composer.fill("line\n".repeat(200));
  assert.ok((await height()) <= 0.4 * 800 + 1, "it takes no more than its part of the window");
});

scene("the button sends, and a draft is still there after a reload", async ({ visit }) => {
  const ana = await visit();
  await ana.composer.fill("by the button");
  await ana.part("send").click();
  await ana.shows("by the button");
  await ana.composer.fill("not finished yet");
  await ana.page.reload();
  await ana.entered();
  assert.equal(await ana.composer.inputValue(), "not finished yet");
  await ana.composer.press("Enter");
  await ana.shows("by the button", "not finished yet");
  await ana.page.reload();
  await ana.entered();
  assert.equal(await ana.composer.inputValue(), "");
});

scene("on a phone Enter makes a line and the button sends", async ({ visit }) => {
  const ana = await visit({ viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true });
  assert.equal(await ana.composer.evaluate((field) => field === document.activeElement), false, "no keyboard pops up");
  await ana.composer.tap();
  await ana.composer.pressSequentially("one");
  await ana.composer.press("Enter");
  await ana.composer.pressSequentially("two");
  assert.deepEqual(await ana.texts(), []);
  await ana.part("send").tap();
  await ana.shows("one\ntwo");
});
