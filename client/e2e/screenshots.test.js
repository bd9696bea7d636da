// Takes the pictures that the README shows, into docs/screenshots when PARLEY_SCREENSHOTS=1. It does not know if they are beautiful.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventually } from "./support/lobby.js";
import { scene } from "./support/scene.js";

const KEEP = process.env.PARLEY_SCREENSHOTS === "1";
const BYTES_MAX = 200 * 1024;
/** When the pictures are taken, by the page's clock. */
const NOW = new Date("2026-05-15T18:42:00Z");
/** Who wrote what, and how many minutes before that. `me` is the person at the page, who speaks its language. */
const SAID = [
  [31, "Maya", "Weather looks perfect for Saturday ☀️ Who’s in for the ridge hike?"],
  [31, "Maya", "It’s 14 km, with a long lunch at the top: https://example.org/ridge"],
  [28, "林晓", "我！好久没爬山了"],
  [24, "Jonas", "Me too! I can drive us"],
  [18, "me", { en: "Count me in! I’ll bring coffee and sandwiches", zh: "算我一个！我带咖啡和三明治" }],
  [17, "林晓", "那我带水果和点心，自己做的 🥮"],
  [16, "Jonas", "🎉🎉"],
  [4, "Maya", "Then let’s meet at the station at 8:30"],
  [2, "me", { en: "See you all there", zh: "好的，到时候见" }],
];
const ME = { en: "Sam", zh: "苏苏" };
/** As many as the page knows, one step apart. See portrait.rs. */
const HUES = 12;

for (const [colorScheme, language, width, height] of [
  ["light", "en", 1280, 840],
  ["dark", "zh", 1280, 840],
  ["light", "zh", 360, 800],
  ["dark", "en", 360, 800],
]) {
  const name = `lobby-${colorScheme}-${language}-${width}.png`;
  scene(`a picture for the README: ${name}`, async (scene) => {
    const locale = language === "zh" ? "zh-CN" : "en-GB";
    const before = async (page) => {
      await page.clock.setFixedTime(NOW);
      await page.routeWebSocket("**/ws", (socket) => date(socket, said));
    };
    const isPhone = width < 768;
    // A phone has room for less.
    const said = SAID.filter(([, , text]) => !(isPhone && /https:/.test(text)));
    const phone = isPhone ? { isMobile: true, hasTouch: true, deviceScaleFactor: 2 } : {};
    const look = { colorScheme, locale, timezoneId: "UTC", viewport: { width, height }, ...phone };
    const me = await scene.visit({ before, ...look });
    await introduce(me, ME[language]);
    const hues = [await hueOf(me)];
    const others = {};
    for (const who of ["Maya", "林晓", "Jonas"]) {
      // Four people who can be told apart at a glance.
      others[who] = await scene.write(who, ({ id }) => hues.every((taken) => distance(taken, hue(id)) >= 2));
      hues.push(hue(others[who].me.id));
    }
    const texts = said.map(([, , text]) => text[language] ?? text);
    for (const [index, [, who]] of said.entries()) {
      if (who === "me") await say(me, texts[index]);
      else await others[who].write(texts[index]);
      await me.shows(...texts.slice(0, index + 1));
    }
    // Loaded anew, all of it comes out of the history.
    await me.page.reload();
    await me.entered();
    await me.shows(...texts);
    await eventually(async () => assert.equal(await me.online(), 4));
    await me.page.mouse.move(0, 0);

    const path = join(await folder(), name);
    await me.page.screenshot({ path, animations: "disabled", caret: "hide" });
    const { size } = await stat(path);
    scene.report(`${path}: ${Math.round(size / 1024)} KB`);
    assert.ok(size <= BYTES_MAX, `${size} bytes`);
  });
}

/** Takes a name, by way of the drawer where the page is narrow. */
async function introduce(lobby, name) {
  await lobby.openSettings();
  await lobby.part("name-input").fill(name);
  await lobby.part("name-save").click();
  await lobby.part("name-input").waitFor({ state: "hidden" });
  if (await lobby.part("people-button").isVisible()) await lobby.escape();
}

/** Writes by the button, which works on phones as well. */
async function say(lobby, text) {
  await lobby.composer.fill(text);
  await lobby.part("send").click();
}

async function hueOf(lobby) {
  return Number(await lobby.part("name-button").locator("[data-hue]").getAttribute("data-hue"));
}

function hue(id) {
  return Buffer.from(id, "hex").reduce((sum, byte) => sum + byte, 0) % HUES;
}

/** Steps between two hues, around the circle of colours. */
function distance(one, other) {
  const steps = Math.abs(one - other);
  return Math.min(steps, HUES - steps);
}

/** Lets the page and its server talk, and dates the messages as `said` says instead of all at this moment. */
function date(socket, said) {
  const server = socket.connectToServer();
  const at = (seq) => NOW.getTime() - said[Math.min(seq, said.length) - 1][0] * 60_000;
  server.onMessage((text) => {
    const event = JSON.parse(text);
    for (const message of event.messages ?? [event.message]) {
      if (message?.seq) message.sent_ms = at(message.seq);
    }
    socket.send(JSON.stringify(event));
  });
}

async function folder() {
  if (!KEEP) return mkdtemp(join(tmpdir(), "parley-screenshots-"));
  const docs = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
  await mkdir(docs, { recursive: true });
  return docs;
}
