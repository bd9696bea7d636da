// What a browser keeps: what waits to be sent, and what was known at the last visit; and when it forgets. It does not know how the page keeps it.

import assert from "node:assert/strict";
import { claim, isAt, signIn, visitPath } from "./support/account.js";
import { isKept, kept } from "./support/kept.js";
import { eventually, MENDED_MS_MAX } from "./support/lobby.js";
import { scene } from "./support/scene.js";

const NO_SOCKET = /WebSocket connection to '[^']+' failed/;
const REFUSED = /Failed to load resource/;

scene("what is written without a server outlives the window, and arrives once and in order", async (scene) => {
  const [ana, bo] = [await scene.visit(), await scene.visit()];
  const person = ana.page.context();
  await ana.say("before");
  await bo.shows("before");
  await scene.server.kill();
  for (const text of ["one", "two", "three"]) await ana.say(text);
  await eventually(async () => assert.equal((await kept(ana)).outbox.length, 3));
  await ana.page.close();
  await scene.server.start();
  const again = await scene.window(person);
  for (const lobby of [again, bo]) {
    await eventually(() => lobby.shows("before", "one", "two", "three"), MENDED_MS_MAX);
  }
  await eventually(async () => assert.equal((await kept(again)).outbox.length, 0, "nothing waits any more"));
});

scene("two windows share what waits, and it arrives once and in order", async (scene) => {
  const [ana, bo] = [await scene.visit(), await scene.visit()];
  const there = await scene.window(ana.page.context());
  await scene.server.kill();
  const all = ["one", "two", "three", "four"];
  for (const [index, text] of all.entries()) {
    await [ana, there][index % 2].say(text);
    for (const lobby of [ana, there]) await eventually(async () => assert.deepEqual(await lobby.texts(), all.slice(0, index + 1)));
  }
  await scene.server.start();
  for (const lobby of [ana, there, bo]) await eventually(() => lobby.shows(...all), MENDED_MS_MAX);
  await there.say("five");
  for (const lobby of [ana, there, bo]) await lobby.shows(...all, "five");
  await there.page.close();
  await ana.say("six");
  await bo.shows(...all, "five", "six");
});

scene("a reload shows what was known before the server says anything", async (scene) => {
  const [ana, bo] = [await scene.visit(), await scene.visit()];
  await ana.say("hello");
  await bo.shows("hello");
  await bo.say("good morning");
  await ana.shows("hello", "good morning");
  await isKept(ana, "good morning");
  // The connection stands, and nobody speaks.
  let speaks = false;
  const tried = [];
  await ana.page.routeWebSocket(/\/ws/, (socket) => {
    tried.push(new URL(socket.url()).searchParams.get("since"));
    if (speaks) socket.connectToServer();
  });
  await ana.page.reload();
  await eventually(async () => assert.deepEqual(await ana.texts(), ["hello", "good morning"]));
  assert.equal(await ana.log.getAttribute("aria-busy"), "false");
  assert.match(await ana.part("people-count").innerText(), /Connecting/);
  assert.equal(await ana.part("conversation").count(), 1);
  await ana.composer.fill("meanwhile");
  await ana.composer.press("Enter");
  // A page that is left at once has no time to keep anything.
  await eventually(async () => assert.ok((await kept(ana)).outbox.some((text) => text.includes("meanwhile"))));
  await bo.say("are you there?");
  speaks = true;
  await ana.page.reload();
  await ana.entered();
  for (const lobby of [ana, bo]) {
    await eventually(async () => {
      const texts = await lobby.texts();
      assert.deepEqual(texts.slice(0, 2), ["hello", "good morning"]);
      assert.deepEqual(texts.slice(2).sort(), ["are you there?", "meanwhile"]);
    });
  }
  assert.ok(tried.every((since) => /^\d+$/.test(since)), `it says what it knows: ${tried}`);
});

scene("without a server the page that is loaded shows what it knew", async (scene) => {
  scene.expect(NO_SOCKET);
  scene.expect(REFUSED);
  const ana = await scene.visit();
  await ana.say("to be read again");
  await ana.shows("to be read again");
  await isKept(ana, "to be read again");
  // The files of the page still come; the chat does not.
  await ana.page.routeWebSocket(/\/ws/, (socket) => socket.close());
  await ana.page.route("**/api/**", (route) => route.abort());
  await ana.page.reload();
  await eventually(async () => assert.deepEqual(await ana.texts(), ["to be read again"]));
  await ana.banner.waitFor();
  assert.deepEqual(await ana.texts(), ["to be read again"]);
});

scene("who signs out leaves nothing in the browser", async (scene) => {
  scene.expect(REFUSED);
  const ana = await scene.visit();
  await claim(ana, "ana");
  await ana.say("hello");
  await isKept(ana, '"user_name":"ana"');
  await ana.composer.fill("half a thought");
  await ana.openSettings();
  await ana.part("sign-out").click();
  await ana.part("door").first().waitFor();
  await ana.entered();
  await eventually(async () => assert.match((await kept(ana)).all, /"account":null/));
  const { all } = await kept(ana);
  assert.doesNotMatch(all, /"user_name":"ana"/);
  assert.doesNotMatch(all, /half a thought/);
});

scene("who is signed out from elsewhere leaves nothing when the browser comes back", async (scene) => {
  scene.expect(REFUSED);
  scene.expect(NO_SOCKET);
  const ana = await scene.visit();
  await claim(ana, "ana");
  const there = await scene.visit();
  const person = there.page.context();
  await visitPath(scene, there, "/sign-in");
  await signIn(there, "ana");
  await isAt(there, "/");
  await there.entered();
  await there.composer.fill("half a thought");
  await isKept(there, '"user_name":"ana"');
  await there.page.close();

  await visitPath(scene, ana, "/settings/devices");
  await ana.part("end-session").click();
  await ana.part("end-session").click();
  await eventually(async () => assert.equal(await ana.part("device").count(), 1));

  const back = await scene.window(person);
  await back.part("door").first().waitFor();
  assert.equal(await back.part("signed-out").count(), 0, "it is a guest's page");
  await eventually(async () => assert.match((await kept(back)).all, /"account":null/));
  const { all } = await kept(back);
  assert.doesNotMatch(all, /"user_name":"ana"/);
  assert.doesNotMatch(all, /half a thought/);
});

for (const [how, spoil] of [
  ["that does not read", writeNonsense],
  ["of another form", makeWithoutStores],
]) {
  scene(`a database ${how} is thrown away, and the page works`, async (scene) => {
    // Beside a text that is no page, the browser looks for an icon of its own accord.
    scene.expect(/status of 404/);
    const ana = await scene.visit();
    await ana.say("hello");
    await ana.shows("hello");
    await isKept(ana, "hello");
    await ana.page.goto(new URL("/robots.txt", scene.server.url).href);
    await ana.page.evaluate(spoil);
    await ana.page.goto(scene.server.url);
    await ana.entered();
    await ana.shows("hello");
    await ana.say("and again");
    await ana.shows("hello", "and again");
    await isKept(ana, "and again");
    assert.doesNotMatch((await kept(ana)).all, /nonsense/);
  });
}

/** Runs in the browser: every text that is kept becomes one that nobody can read. */
async function writeNonsense() {
  const answer = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const database = await answer(indexedDB.open("parley"));
  const stores = database.transaction(["outbox", "cache"], "readwrite");
  for (const name of ["outbox", "cache"]) {
    const store = stores.objectStore(name);
    for (const key of await answer(store.getAllKeys())) store.put('{"nonsense', key);
    store.put({ nonsense: 1 }, "nonsense");
  }
  await new Promise((resolve) => (stores.oncomplete = resolve));
  database.close();
}

/** Runs in the browser: the database has none of the places that the page looks for. */
async function makeWithoutStores() {
  const done = (request) => new Promise((resolve) => (request.onsuccess = resolve));
  await done(indexedDB.deleteDatabase("parley"));
  await done(indexedDB.open("parley", 1));
}
