// What cannot be sent, and what cannot be sent yet. It does not know how the server counts.

import assert from "node:assert/strict";
import { limits } from "./support/limits.js";
import { eventually } from "./support/lobby.js";
import { scene } from "./support/scene.js";

scene("a text that is too long is explained and not lost", async ({ visit }) => {
  const ana = await visit();
  const text = "x".repeat(limits.TEXT_BYTES_MAX + 1);
  await ana.composer.fill(text);
  await ana.page.getByText("Please shorten the message.").waitFor();
  await ana.composer.press("Enter");
  await ana.page.getByText("This message is too long; the limit is 16 KB.").first().waitFor();
  assert.equal(await ana.composer.inputValue(), text);
  assert.deepEqual(await ana.texts(), []);

  await ana.composer.fill(text.slice(1));
  await ana.composer.press("Enter");
  await eventually(async () => assert.equal((await ana.messages())[0]?.state, "sent"));
  assert.equal(await ana.row(text.slice(1)).count(), 1, "the longest that fits is sent whole");
});

scene("in Chinese, three bytes a character count", async ({ visit }) => {
  const ana = await visit();
  const fits = Math.floor(limits.TEXT_BYTES_MAX / 3);
  await ana.composer.fill("字".repeat(fits + 1));
  await ana.composer.press("Enter");
  await ana.page.getByText("This message is too long").first().waitFor();
  await ana.composer.press("Backspace");
  await ana.composer.press("Enter");
  await ana.shows("字".repeat(fits));
});

scene("what shows nothing is not sent", async ({ visit }) => {
  const ana = await visit();
  for (const blank of ["", "   ", "\n\n", "\u3000", "\u200B"]) {
    await ana.composer.fill(blank);
    await ana.composer.press("Enter");
    // The button says that it does nothing, and can still be pressed.
    await ana.part("send").click({ force: true });
  }
  await ana.say("  something  ");
  await eventually(async () => assert.equal((await ana.messages()).length, 1));
  assert.match((await ana.texts())[0], /something/);
  await ana.composer.fill("   ");
  assert.equal(await ana.part("send").getAttribute("aria-disabled"), "true");
});

scene("written faster than allowed, everything arrives once and in order", { server: ["--messages-per-second", "4"] }, async ({ visit, report }) => {
  let refusals = 0;
  const listen = (page) =>
    page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => {
        refusals += String(payload).includes("too_fast") ? 1 : 0;
      }),
    );
  const [ana, bo] = [await visit({ before: listen }), await visit()];
  const texts = Array.from({ length: 120 }, (_, index) => `quick ${index + 1}`);
  await ana.composer.evaluate((field, texts) => {
    for (const text of texts) {
      field.value = text;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    }
  }, texts);
  assert.deepEqual(await ana.texts(), texts, "all are there at once");
  await eventually(async () => {
    const messages = await ana.messages();
    assert.ok(messages.every((message) => message.state === "sent"));
    assert.deepEqual(messages.map((message) => message.text), texts);
    assert.deepEqual(await bo.texts(), texts);
  }, 90_000);
  assert.ok(refusals > 0, "the server did ask to wait");
  report(`asked to wait ${refusals} times`);
  assert.equal(await ana.part("notice").count(), 0, "nobody is bothered with it");
});
