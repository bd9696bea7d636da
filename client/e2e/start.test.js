// The first second: what is painted before the program runs, how much is loaded, and what happens when it cannot start. It does not know the conversation.

import assert from "node:assert/strict";
import { FIRST_LOAD_BYTES_MAX, FirstLoad } from "./support/first-load.js";
import { eventually } from "./support/lobby.js";
import { scene } from "./support/scene.js";

/** Google's "good" is 0.1; this is half of it. */
const LAYOUT_SHIFT_MAX = 0.05;
/** The parts of the program that come by themselves, some time after one can read and write. */
const COME_LATER = [/\/proof-[0-9a-f]+\.wasm$/, /\/talk-[0-9a-f]+\.wasm$/];

for (const [width, height] of [[1280, 800], [360, 740]]) {
  scene(`something is painted before the program runs, and then nothing jumps, at ${width} pixels`, async (scene) => {
    const mei = await scene.write("Mei");
    for (let n = 1; n <= 60; n += 1) await mei.write(`message ${n}`);
    let release;
    const released = new Promise((resolve) => (release = resolve));
    const before = async (page) => {
      await page.addInitScript(sumLayoutShifts);
      await page.route("**/*.wasm", async (route) => {
        await released;
        await route.continue();
      });
    };
    const ana = await scene.visit({ before, wait: false, viewport: { width, height } });
    const skeleton = ana.page.locator("#skeleton");
    await skeleton.waitFor();
    const bones = await skeleton.locator(".bone:visible").count();
    assert.ok(bones >= 8, `${bones} bones are seen`);
    assert.equal(await ana.page.locator("#failure").isVisible(), false);

    release();
    await ana.entered();
    assert.equal(await skeleton.count(), 0, "nothing of it is left");
    assert.equal(await ana.page.getByText("message 60", { exact: true }).isVisible(), true);
    // Whatever comes late, such as names, has come when the page has nothing more to draw.
    await ana.page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
    const shift = await ana.page.evaluate(() => window.layoutShift());
    scene.report(`layout shift at ${width} pixels: ${shift.sum.toFixed(4)}`);
    assert.ok(shift.sum <= LAYOUT_SHIFT_MAX, JSON.stringify(shift));
  });
}

scene("the first load is small", async ({ visit, report }) => {
  let load;
  await visit({ before: async (page) => (load = await FirstLoad.of(page)) });
  const { files, bodies, onTheWire } = await load.whole();
  for (const { path, length, encoding } of files) report(`${length} bytes ${encoding ?? "as is"} ${path}`);
  report(`first load: ${bodies} bytes in ${files.length} files, ${onTheWire} with their headers`);
  assert.ok(files.some((load) => load.path.endsWith(".wasm") && load.encoding === "br"), "the program is compressed");
  assert.ok(bodies <= FIRST_LOAD_BYTES_MAX, `${bodies} bytes`);
});

scene("a second visit loads the program from the browser's own store", async ({ visit }) => {
  const asked = new Set();
  const note = (request) => /\.(wasm|css)$/.test(request.url()) && asked.add(request.url());
  const ana = await visit({ before: (page) => page.on("request", note) });
  // Else what comes later would come for the first time on the second visit, if that takes long enough.
  await eventually(async () => {
    for (const part of COME_LATER) assert.ok([...asked].some((url) => part.test(url)), `${part} is asked for`);
    const names = await ana.page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    assert.deepEqual([...asked].filter((url) => !names.includes(url)), [], "all of it is here");
  });
  const fromServer = [];
  ana.page.on("response", (response) => {
    if (!response.url().startsWith("ws")) fromServer.push(response);
  });
  await ana.page.reload();
  await ana.entered();
  const wasm = fromServer.find((response) => response.url().endsWith(".wasm"));
  assert.match(await wasm.headerValue("cache-control"), /immutable|max-age=\d{6,}/);
  const sizes = await ana.page.evaluate(() =>
    performance.getEntriesByType("resource").map(({ name, transferSize }) => [name, transferSize]),
  );
  const transferred = sizes.filter(([name, bytes]) => /\.(wasm|js|css)$/.test(name) && bytes > 0);
  assert.deepEqual(transferred, []);
});

for (const [what, pattern] of [["module", "**/*.wasm"], ["script", "**/*.js"]]) {
  scene(`a ${what} that does not arrive is told, in both languages`, async (scene) => {
    scene.expect(/Failed to load resource|Failed to fetch|error loading dynamically imported module|TypeError/);
    let fails = true;
    const before = (page) => page.route(pattern, (route) => (fails ? route.abort() : route.continue()));
    const ana = await scene.visit({ before, wait: false });
    const failure = ana.page.locator("#failure");
    await failure.waitFor();
    assert.match(await failure.innerText(), /did not load completely/);
    assert.match(await failure.innerText(), /程序没有完整加载/);
    fails = false;
    await ana.page.locator("#failure-reload").click();
    await ana.entered();
    assert.equal(await failure.isVisible(), false);
  });
}

scene("without JavaScript the page says what it needs", async ({ visit }) => {
  const ana = await visit({ javaScriptEnabled: false, wait: false });
  const said = ana.page.locator("noscript p");
  await said.first().waitFor();
  assert.match(await said.first().innerText(), /Please allow JavaScript for this page/);
  assert.match(await said.last().innerText(), /请为本页启用 JavaScript/);
});

/** Sums up how much the page's content moved by itself, as the browser's "cumulative layout shift" does. */
function sumLayoutShifts() {
  const moves = [];
  const note = (entries) => {
    for (const entry of entries) {
      if (entry.hadRecentInput) continue;
      const sources = entry.sources.map((source) => source.node?.className ?? source.node?.nodeName);
      moves.push({ value: entry.value, sources });
    }
  };
  const observer = new PerformanceObserver((list) => note(list.getEntries()));
  observer.observe({ type: "layout-shift", buffered: true });
  window.layoutShift = () => {
    note(observer.takeRecords());
    return { sum: moves.reduce((sum, move) => sum + move.value, 0), moves };
  };
}
