// A long conversation: where it opens, how older messages come, what moves and what does not. It does not know who wrote it.

import assert from "node:assert/strict";
import { limits } from "./support/limits.js";
import { eventually } from "./support/lobby.js";
import { scene } from "./support/scene.js";

const MESSAGES = 500;
/** No bound on messages per second, so that a long conversation is there soon. */
const server = ["--messages-per-second", "0"];

scene("it opens at the newest message and leads back to the first without a jump", { server }, async (scene) => {
  await converse(await scene.write("Mei"));
  const ana = await scene.visit();
  await eventually(async () => assert.equal((await ana.texts()).at(-1), text(MESSAGES)));
  await eventually(async () => assert.ok((await ana.fromEnd()) <= 1, "at the end"));
  assert.ok(await isInView(ana, text(MESSAGES)));

  let loaded = (await ana.texts()).length;
  assert.equal(loaded, limits.PAGE_MESSAGES_MAX);
  while (loaded < MESSAGES) {
    const before = await scrollNearBeginning(ana);
    await eventually(async () => assert.ok((await ana.texts()).length > loaded, "an older page comes"));
    const after = await topOf(ana, before.id);
    assert.ok(Math.abs(after - before.top) <= 1, `what is read moved from ${before.top} to ${after}`);
    loaded = (await ana.texts()).length;
  }
  assert.deepEqual(await ana.texts(), Array.from({ length: MESSAGES }, (_, index) => text(index + 1)));
  await ana.log.evaluate((log) => log.scrollTo(0, 0));
  await eventually(async () => assert.ok(await isInView(ana, text(1)), "the first is there"));
  await ana.page.getByText("This is where the conversation began.").waitFor();
});

scene("by the wheel as well, older messages do not move what is read", { server }, async (scene) => {
  await converse(await scene.write("Mei"));
  const ana = await scene.visit();
  await eventually(async () => assert.ok((await ana.fromEnd()) <= 1));
  await ana.log.hover();
  await ana.page.evaluate(watchJumps);
  for (let turn = 0; turn < 60; turn += 1) {
    await ana.page.mouse.wheel(0, -400);
    await ana.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
  // Whoever comes to the beginning before an older page does turns on when it is there.
  await eventually(async () => {
    await ana.page.mouse.wheel(0, -400);
    assert.ok((await ana.texts()).length >= 3 * limits.PAGE_MESSAGES_MAX);
  });
  const jumps = await ana.page.evaluate(() => window.jumps);
  assert.deepEqual(jumps, [], "the wheel only ever leads upwards");
});

scene("what is new while one reads older messages waits below", { server }, async (scene) => {
  const mei = await scene.write("Mei");
  await converse(mei);
  const ana = await scene.visit();
  await eventually(async () => assert.ok((await ana.fromEnd()) <= 1));
  const before = await firstInView(ana, { by: -1200 });
  const jump = ana.part("jump");
  await jump.waitFor();

  await mei.write("new 1");
  await eventually(async () => assert.match(await jump.innerText(), /1/));
  await mei.write("new 2");
  await eventually(async () => assert.match(await jump.innerText(), /2/));
  assert.equal(await jump.getAttribute("aria-label"), "2 new messages");
  assert.ok(Math.abs((await topOf(ana, before.id)) - before.top) <= 1, "the view stays");

  const divider = ana.part("divider-unread");
  assert.equal(await divider.count(), 1);
  const belowDivider = await divider.evaluate(
    (divider) => divider.nextElementSibling.querySelector("[data-testid=message-text]").innerText,
  );
  assert.equal(belowDivider, "new 1", "the divider stands above what is new");

  await jump.click();
  await eventually(async () => assert.ok((await ana.fromEnd()) <= 1, "at the end"));
  assert.ok(await isInView(ana, "new 2"));
  await jump.waitFor({ state: "detached" });
  assert.equal(await divider.count(), 1, "it still says where one had stopped");
  await eventually(async () => {
    assert.ok((await ana.texts()).length <= limits.WINDOW_MESSAGES_MAX + limits.WINDOW_SLACK);
  });

  await mei.write("new 3");
  await eventually(async () => assert.ok(await isInView(ana, "new 3"), "at the end one follows"));
  await ana.say("an answer");
  await eventually(async () => assert.equal(await divider.count(), 0, "an answer ends what was new"));
});

scene("one's own message always leads to the end", { server }, async (scene) => {
  await converse(await scene.write("Mei"));
  const ana = await scene.visit();
  await eventually(async () => assert.ok((await ana.fromEnd()) <= 1));
  await ana.log.evaluate((log) => log.scrollBy(0, -1500));
  await ana.part("jump").waitFor();
  await ana.say("here I am");
  await eventually(async () => assert.ok(await isInView(ana, "here I am")));
  await ana.part("jump").waitFor({ state: "detached" });
});

scene("the bubbles of a run join each other, however long it is", { server }, async (scene) => {
  const mei = await scene.write("Mei");
  const many = Array.from({ length: limits.PAGE_MESSAGES_MAX }, (_, index) => mei.write(`part ${index + 1}`));
  await Promise.all(many);
  const ana = await scene.visit();
  await eventually(async () => assert.equal((await ana.texts()).length, many.length));
  const corners = await ana.log.evaluate((log) =>
    [...log.querySelectorAll(".message__bubble")].map((bubble) => {
      const { borderStartStartRadius, borderEndStartRadius } = getComputedStyle(bubble);
      return [borderStartStartRadius, borderEndStartRadius].map(Number.parseFloat);
    }),
  );
  const [, open] = corners.pop();
  for (const [above, below] of corners) assert.ok(above === below && below < open, `${above} and ${below} of ${open}`);
});

scene("days are named, and a message tells its time", async (scene) => {
  const mei = await scene.write("Mei");
  await mei.write("what time is it?");
  const ana = await scene.visit({ timezoneId: "Asia/Shanghai" });
  await ana.shows("what time is it?");
  assert.equal(await ana.part("divider-day").innerText(), "Today");
  const time = ana.part("message-time");
  const sent = new Date(await time.getAttribute("datetime"));
  assert.ok(Math.abs(Date.now() - sent) < 120_000, "for programs, exactly");
  // Shanghai is eight hours ahead all the year. Whether a zero stands before "7:18" is the browser's to know.
  const there = new Date(sent.getTime() + 8 * 3_600_000);
  const [hours, minutes] = (await time.innerText()).split(":").map(Number);
  assert.deepEqual([hours, minutes], [there.getUTCHours(), there.getUTCMinutes()]);
  assert.match(await time.getAttribute("title"), new RegExp(String(sent.getFullYear())));
});

/** The text of the message at a place: of different heights, as people write. */
function text(place) {
  return place % 7 === 0 ? `message ${place}\n${"and some more of it ".repeat(place % 5 + 3).trim()}` : `message ${place}`;
}

async function converse(writer) {
  const all = Array.from({ length: MESSAGES }, (_, index) => writer.write(text(index + 1)));
  await Promise.all(all);
}

/** Goes near the oldest message that is there; back comes what is seen first, and where, at that moment. */
async function scrollNearBeginning(lobby) {
  return firstInView(lobby, { to: 120 });
}

/** Scrolls to a place, or by so much; back comes what is seen first, and where, with nothing in between. */
async function firstInView(lobby, scroll) {
  return lobby.log.evaluate((log, { to, by }) => {
    log.scrollTo(0, to ?? log.scrollTop + by);
    const edge = log.getBoundingClientRect().top;
    const row = [...log.querySelectorAll("[data-testid=message]")].find(
      (row) => row.getBoundingClientRect().bottom > edge,
    );
    return { id: row.dataset.id, top: row.getBoundingClientRect().top };
  }, scroll);
}

/** Where a message stands once what has come is drawn: the page puts its reader back before that, and nobody sees it earlier. */
async function topOf(lobby, id) {
  return lobby.log.locator(`[data-id="${id}"]`).evaluate(async (row) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await frame();
    await frame();
    return row.getBoundingClientRect().top;
  });
}

async function isInView(lobby, text) {
  return lobby.log.evaluate((log, text) => {
    const words = [...log.querySelectorAll("[data-testid=message-text]")].find((words) => words.innerText === text);
    if (!words) return false;
    const [box, view] = [words.getBoundingClientRect(), log.getBoundingClientRect()];
    return box.top >= view.top && box.bottom <= view.bottom + 1;
  }, text);
}

/** Notes in the page whenever a message that stays in view is higher on the screen than a frame before. */
function watchJumps() {
  window.jumps = [];
  const log = document.querySelector("[data-testid=log]");
  let before = new Map();
  const look = () => {
    const view = log.getBoundingClientRect();
    const now = new Map();
    for (const row of log.querySelectorAll("[data-testid=message]")) {
      const { top, bottom } = row.getBoundingClientRect();
      if (bottom > view.top && top < view.bottom) now.set(row.dataset.id, top);
    }
    for (const [id, top] of now) {
      if (before.has(id) && top < before.get(id) - 1) window.jumps.push({ id, from: before.get(id), to: top });
    }
    before = now;
    requestAnimationFrame(look);
  };
  look();
}
