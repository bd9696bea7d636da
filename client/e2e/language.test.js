// Language and appearance: by the browser's wish, by one's own choice, and after a reload. It does not know the words' places.

import assert from "node:assert/strict";
import { eventually } from "./support/lobby.js";
import { scene } from "./support/scene.js";

/** Words of the Chinese page that are the same in every language: names of keys, units and of the program. */
const SAME_EVERYWHERE = new Set(["Parley", "Enter", "Shift", "Esc", "ID", "KB", "English"]);

scene("a Chinese browser is greeted in Chinese, and no English is left", async (scene) => {
  const mei = await scene.write("小梅");
  await mei.write("大家好");
  const ana = await scene.visit({ locale: "zh-CN" });
  await ana.shows("大家好");
  await ana.say("你好，小梅");
  await ana.shows("大家好", "你好，小梅");
  assert.equal(await ana.page.locator("html").getAttribute("lang"), "zh-CN");
  await eventually(async () => assert.equal(await ana.page.title(), "大厅 · Parley"));
  mei.type();
  await ana.part("typing").getByText("小梅 正在输入…").waitFor();
  await onlyChinese(ana);
  await ana.openSettings();
  await onlyChinese(ana);
  await ana.part("name-input").fill("  ");
  await ana.part("name-save").click();
  await ana.page.getByText("请输入一个别人能看见的名字。").waitFor();
  await ana.escape();
  await ana.part("name-input").waitFor({ state: "hidden" });
  await ana.composer.fill("字".repeat(6000));
  await ana.composer.press("Enter");
  await ana.page.getByText("消息过长").first().waitFor();
  await onlyChinese(ana);
});

scene("an empty Lobby and a lost connection speak Chinese as well", async (scene) => {
  const ana = await scene.visit({ locale: "zh-TW" });
  await ana.page.getByText("这里还很安静").waitFor();
  await onlyChinese(ana);
  await scene.server.kill();
  await ana.banner.waitFor();
  assert.match(await ana.banner.innerText(), /连接已断开/);
  await onlyChinese(ana);
});

scene("the language changes while the page is open, and stays after a reload", async ({ visit }) => {
  const ana = await visit();
  const html = ana.page.locator("html");
  const heading = ana.page.getByRole("heading", { level: 1 });
  assert.equal(await html.getAttribute("lang"), "en");
  assert.equal(await heading.innerText(), "Lobby");
  await ana.say("kept");
  await ana.shows("kept");

  await ana.openSettings();
  await ana.part("language-select").selectOption("zh");
  await eventually(async () => assert.equal(await html.getAttribute("lang"), "zh-CN"));
  assert.equal(await heading.innerText(), "大厅");
  await ana.escape();
  assert.equal(await ana.composer.getAttribute("placeholder"), "发消息到大厅");
  assert.deepEqual(await ana.texts(), ["kept"]);
  assert.equal(await ana.part("divider-day").innerText(), "今天");
  assert.match(await ana.part("message-more").getAttribute("aria-label"), /消息/);

  await ana.page.reload();
  await ana.entered();
  assert.equal(await heading.innerText(), "大厅");
  await ana.openSettings();
  assert.equal(await ana.part("language-select").inputValue(), "zh");
  await ana.part("language-select").selectOption("auto");
  await eventually(async () => assert.equal(await html.getAttribute("lang"), "en"));
});

scene("the appearance follows the system until one chooses", async ({ visit }) => {
  const ana = await visit({ colorScheme: "dark" });
  const html = ana.page.locator("html");
  assert.equal(await html.getAttribute("data-theme"), "system");
  assert.ok(await isDark(ana));
  await ana.page.emulateMedia({ colorScheme: "light" });
  await eventually(async () => assert.ok(!(await isDark(ana))));

  await ana.openSettings();
  await ana.part("theme-select").selectOption("dark");
  await eventually(async () => assert.ok(await isDark(ana)));
  assert.equal(await html.getAttribute("data-theme"), "dark");
  await ana.page.reload();
  await ana.entered();
  assert.ok(await isDark(ana), "the choice is kept");
  const bars = ana.page.locator("meta[name=theme-color]").first();
  await eventually(async () => assert.ok(luminance(await bars.getAttribute("content")) < 0.2, "the browser's bars too"));

  await ana.openSettings();
  await ana.part("theme-select").selectOption("light");
  await ana.page.emulateMedia({ colorScheme: "dark" });
  assert.ok(!(await isDark(ana)), "one's own choice wins");
  await ana.part("theme-select").selectOption("system");
  await eventually(async () => assert.ok(await isDark(ana)));
});

/** Fails when a word stands on the page, or is told to those who listen, that is not Chinese. */
async function onlyChinese(lobby) {
  const said = await lobby.page.evaluate(() => {
    const seen = [document.title, document.body.innerText];
    for (const element of document.querySelectorAll("body *")) {
      for (const name of ["aria-label", "title", "placeholder", "alt"]) seen.push(element.getAttribute(name) ?? "");
    }
    for (const heard of document.querySelectorAll(".heard-only")) seen.push(heard.textContent);
    return seen.join("\n");
  });
  const words = said.match(/[A-Za-z][A-Za-z’']*/g) ?? [];
  // A guest is named by the first digits of their id, which they can read in full in the settings.
  const digits = new Set(said.match(/\b(?:[0-9A-F]{2}){1,2}\b|\b[0-9a-f]{32}\b/g)?.flatMap((id) => id.match(/[A-Za-z]+/g) ?? []));
  assert.deepEqual(words.filter((word) => !SAME_EVERYWHERE.has(word) && !digits.has(word)), []);
}

async function isDark(lobby) {
  const color = await lobby.log.evaluate((log) => {
    for (let element = log; element; element = element.parentElement) {
      const color = getComputedStyle(element).backgroundColor;
      if (!/, 0\)$/.test(color)) return color;
    }
    return "rgb(255, 255, 255)";
  });
  return luminance(color) < 0.2;
}

function luminance(color) {
  const [red, green, blue] = color.match(/\d+(\.\d+)?/g).map(Number);
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}
