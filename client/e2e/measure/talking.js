// Has one window read and write in a conversation of very many messages, and prints one line of JSON for each thing that is
// measured. It does not know what the figures have to be.
//
// PARLEY_BIN is the server's program; the numbers of what is done are named as JSON: see `Plan` in the measurement.

import assert from "node:assert/strict";
import { launch } from "../support/browser.js";
import { FirstLoad } from "../support/first-load.js";
import { limits } from "../support/limits.js";
import { eventually, Lobby } from "../support/lobby.js";
import { Server } from "../support/server.js";
import { send } from "./numbered.js";
import { watches } from "./watches.js";

/** How long anything may take before it counts as broken, in milliseconds. */
const WAIT_MS_MAX = 600_000;
/** Milliseconds between two keys: as fast as people type. */
const KEY_MS = 90;

const plan = JSON.parse(process.argv[2]);
const browser = await launch();
try {
  for (const measure of [load, scroll, typing, staying]) {
    if (plan.only && plan.only !== measure.name) continue;
    const server = await Server.start("--messages-per-second", "0");
    try {
      for await (const figures of measure(server)) console.log(JSON.stringify({ row: measure.name, ...figures }));
    } finally {
      await server.remove();
    }
  }
} finally {
  await browser.close();
}

/** What is loaded until one can write. */
async function* load(server) {
  let first;
  const { close } = await visit(server, async (page) => (first = await FirstLoad.of(page)));
  const { files, bodies } = await first.whole();
  yield { bytes: bodies, files: files.length };
  await close();
}

/** How a long conversation scrolls: read back from its newest message to its first, and then up and down through all of it. */
async function* scroll(server) {
  await send(server, 1, plan.scrolled).done;
  const { lobby, close } = await visit(server);
  const began = performance.now();
  await toTheFirst(lobby);
  const loadedMs = performance.now() - began;
  const [loaded, height] = await lobby.log.evaluate((log) => [window.watches.numbers(), log.scrollHeight]);
  assert.equal(loaded.at(-1) - loaded[0] + 1, loaded.length, "what is there is whole");
  const client = await lobby.page.context().newCDPSession(lobby.page);
  const { nodes } = await memory(client, lobby);
  for (const [way, speed] of Object.entries(plan.speeds)) {
    const { between, trace } = await traced(lobby.page, async () => {
      await lobby.page.evaluate(() => window.watches.frames());
      await gesture(client, lobby, plan.scrolledMs, speed);
      return lobby.page.evaluate(() => window.watches.drawn());
    });
    assert.equal(await lobby.page.evaluate(() => window.watches.disorder()), undefined);
    yield { way, rows: loaded.length, height, nodes, loadedMs, between, ...trace };
  }
  await close();
}

/** Reads back, page by page, until the first message is there and seen. */
async function toTheFirst(lobby) {
  const step = async () => {
    const first = await lobby.log.evaluate((log) => (log.scrollTo(0, 0), window.watches.numbers()[0]));
    assert.equal(first, 1, "the first message came");
  };
  await eventually(step, WAIT_MS_MAX);
}

/** Scrolls as a wheel does that is turned steadily: down for half of the time, and then up. */
async function gesture(client, lobby, ms, speed) {
  const box = await lobby.log.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  for (const sign of [-1, 1]) {
    const yDistance = (sign * speed * ms) / 2_000;
    await client.send("Input.synthesizeScrollGesture", { x, y, yDistance, speed, gestureSourceType: "mouse", preventFling: true });
  }
}

/** Does something, and tells besides what the compositor reports of the frames meanwhile. */
async function traced(page, act) {
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: ["cc,benchmark", "disabled-by-default-devtools.timeline.frame"] });
  const between = await act();
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  const states = traceEvents
    .map((event) => (event.args?.chrome_frame_reporter ?? event.args?.frame_reporter)?.state)
    .filter(Boolean);
  const count = (state) => states.filter((other) => other === state).length;
  const trace = { presented: count("STATE_PRESENTED_ALL") + count("STATE_PRESENTED_PARTIAL"), dropped: count("STATE_DROPPED") };
  return { between, trace };
}

/** How long keys take on an idle page, and while a burst of messages comes, in turns. */
async function* typing(server) {
  const { lobby, close } = await visit(server);
  await send(server, 1, plan.before).done;
  await has(lobby, plan.before);
  let next = plan.before + 1;
  for (let round = 0; round < plan.rounds; round += 1) {
    const idle = await typed(lobby);
    await watchArrivals(lobby, next);
    const count = plan.burst * plan.burstSecs;
    const burst = send(server, next, count, plan.burst);
    next += count;
    // The burst has begun when its first message is there.
    await eventually(async () => assert.ok((await arrived(lobby)).next > next - count));
    const busy = await typed(lobby, burst.done);
    const { perSecond } = await burst.done;
    const written = performance.now();
    const passed = await came(lobby, next);
    yield { round, idle, busy, perSecond, behindMs: performance.now() - written, passed };
  }
  await close();
}

/** Types, for some seconds or until something is done, and gives what was noted of each key. */
async function typed(lobby, until) {
  let goesOn = true;
  const stop = () => (goesOn = false);
  until?.then(stop, stop);
  await lobby.composer.fill("");
  await lobby.composer.focus();
  await lobby.page.evaluate(() => window.watches.keys());
  const letters = "the quick brown fox jumps over the lazy dog ";
  const began = performance.now();
  let text = "";
  const end = began + plan.burstSecs * 1_000;
  while (until ? goesOn : performance.now() < end) {
    const letter = letters[text.length % letters.length];
    await lobby.page.keyboard.press(letter === " " ? "Space" : letter);
    text += letter;
    await new Promise((resolve) => setTimeout(resolve, KEY_MS));
  }
  assert.equal(await lobby.composer.inputValue(), text, "every key is in the field, in their order");
  return lobby.page.evaluate(() => window.watches.pressed());
}

/** What the page holds while very many messages come into what is read at its end. */
async function* staying(server) {
  const { lobby, close } = await visit(server);
  const client = await lobby.page.context().newCDPSession(lobby.page);
  await watchArrivals(lobby, 1);
  for (let after = 0; after <= plan.stayed; after += plan.step) {
    if (after > 0) await send(server, after - plan.step + 1, plan.step, plan.rate).done;
    const passed = await came(lobby, after + 1);
    yield { after, passed, ...(await memory(client, lobby)) };
  }
  await close();
}

// ---- What all of them do ----

/** Opens the page in a browser that was never there. */
async function visit(server, before) {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(WAIT_MS_MAX);
  const lobby = new Lobby(await context.newPage());
  await lobby.page.addInitScript({ content: `(${watches})()` });
  await before?.(lobby.page);
  await lobby.page.goto(server.url);
  await lobby.entered();
  return { lobby, close: () => context.close() };
}

async function newest(lobby) {
  return lobby.page.evaluate(() => window.watches.numbers().at(-1) ?? 0);
}

async function has(lobby, number) {
  await eventually(async () => assert.equal(await newest(lobby), number), WAIT_MS_MAX);
}

async function watchArrivals(lobby, first) {
  await lobby.page.evaluate(([first, held]) => window.watches.arrivals(first, held), [first, limits.WINDOW_MESSAGES_MAX]);
}

async function arrived(lobby) {
  return lobby.page.evaluate(() => window.watches.arrived());
}

/** Waits until every message before this number came, each once and in its order, and stands so in the page; how many were passed over. */
async function came(lobby, next) {
  const look = async () => {
    const told = await arrived(lobby);
    if (told.wrong.length === 0) assert.equal(told.next, next);
    return told;
  };
  const { wrong, passed } = await eventually(look, WAIT_MS_MAX);
  assert.deepEqual(wrong, [], "every message came, in its order");
  assert.equal(await newest(lobby), next - 1);
  assert.equal(await lobby.page.evaluate(() => window.watches.disorder()), undefined);
  return passed;
}

/** What the page holds once nothing is left that nobody needs, in bytes: of scripts, of the program; and its nodes. */
async function memory(client, lobby) {
  await client.send("HeapProfiler.collectGarbage");
  const { usedSize } = await client.send("Runtime.getHeapUsage");
  const { nodes, jsEventListeners } = await client.send("Memory.getDOMCounters");
  const [program, rows] = await lobby.page.evaluate(() => [window.watches.programBytes(), window.watches.numbers().length]);
  return { heap: usedSize, program, nodes, listeners: jsEventListeners, rows };
}
