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
/** When the pictures are taken, by the page's clock, and who has written what how many minutes before. */
const NOW = new Date("2026-05-15T18:42:00Z");
const SAID = [
  [31, "Maya", "Weather looks perfect for Saturday ☀️ Who’s in for the ridge hike?"],
  [30, "林晓", "我！好久没爬山了"],
  [28, "Jonas", "Me too. How long is it?"],
  [27, "Maya", "About 14 km, with a long lunch at the top"],
  [27, "Maya", "Here’s the route: https://example.org/ridge-walk"],
  [24, "林晓", "看起来很美，坡度还可以吧？"],
  [23, "Maya", "Only the first hour is steep, after that it’s easy 🙂"],
  [19, "Jonas", "I can drive, there’s room for three more"],
  [18, "me", "Count me in! I’ll bring coffee and sandwiches"],
  [17, "林晓", "那我带水果和月饼，自己做的 🥮"],
  [16, "Jonas", "🎉🎉"],
  [9, "Maya", "Then let’s meet at the station at 8:30. The last bus back is at six, so there’s plenty of time."],
  [8, "林晓", "好的，星期六见！"],
  [2, "me", "See you all there"],
];
/** What the fourth person is called in each picture's language. */
const ME = { en: "Sam", zh: "苏苏" };

for (const [colorScheme, language, width, height] of [
  ["light", "en", 1280, 800],
  ["dark", "zh", 1280, 800],
  ["light", "zh", 360, 740],
  ["dark", "en", 360, 740],
]) {
  const name = `lobby-${colorScheme}-${language}-${width}.png`;
  scene(`a picture for the README: ${name}`, async (scene) => {
    const locale = language === "zh" ? "zh-CN" : "en-GB";
    const before = async (page) => {
      await page.clock.setFixedTime(NOW);
      await page.routeWebSocket("**/ws", (socket) => date(socket));
    };
    const look = { colorScheme, locale, timezoneId: "UTC", viewport: { width, height } };
    const me = await scene.visit({ before, ...look });
    await introduce(me, ME[language]);
    const others = {};
    for (const who of ["Maya", "林晓", "Jonas"]) others[who] = await scene.write(who);
    for (const [index, [, who, text]] of SAID.entries()) {
      if (who === "me") await me.say(text);
      else await others[who].write(text);
      await eventually(async () => assert.equal((await me.messages()).length, index + 1));
    }
    // Loaded anew, all of it comes out of the history.
    await me.page.reload();
    await me.entered();
    await me.shows(...SAID.map(([, , text]) => text));
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

/** Lets the page and its server talk, and dates the messages as `SAID` says instead of all at this moment. */
function date(socket) {
  const server = socket.connectToServer();
  const at = (seq) => NOW.getTime() - SAID[Math.min(seq, SAID.length) - 1][0] * 60_000;
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
