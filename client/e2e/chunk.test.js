// The parts of the program that come when they are needed, and what is seen when they do not. It does not know what is on them.

import assert from "node:assert/strict";
import { isAt, visitPath } from "./support/account.js";
import { inspect } from "./support/axe.js";
import { scene } from "./support/scene.js";

/** The chunk with the pages of accounts. */
const ACCOUNT = /\/account-[0-9a-f]+\.wasm$/;

scene("who talks loads no pages of accounts, and who opens one loads them once", async ({ visit, report }) => {
  const chunks = [];
  const before = (page) => page.on("response", (response) => ACCOUNT.test(response.url()) && chunks.push(response));
  const ana = await visit({ before });
  await ana.page.waitForLoadState("networkidle");
  assert.equal(chunks.length, 0);

  await ana.part("to-sign-in").or(ana.part("to-setup")).first().click();
  await ana.part("entrance").waitFor();
  assert.equal(chunks.length, 1);
  const headers = await chunks[0].allHeaders();
  report(`the pages of accounts: ${headers["content-length"]} bytes ${headers["content-encoding"]}`);
  assert.equal(headers["content-encoding"], "br");
  assert.equal(headers["content-type"], "application/wasm");
  assert.match(headers["cache-control"], /immutable|max-age=\d{6,}/);

  await ana.part("to-lobby").click();
  await ana.entered();
  await ana.page.goBack();
  await ana.part("entrance").waitFor();
  assert.equal(chunks.length, 1, "it is there already");
});

for (const [language, said] of [["en", "This page didn’t arrive"], ["zh", "此页面未能加载"]]) {
  scene(`a page that does not arrive says so in ${language}, and comes with another try`, async (scene) => {
    scene.expect(/Failed to load resource|Failed to fetch/);
    const ana = await scene.visit({ locale: language });
    let fails = true;
    await ana.page.route(ACCOUNT, (route) => (fails ? route.abort() : route.continue()));
    await visitPath(scene, ana, "/sign-in");
    await ana.part("chunk-failed").waitFor();
    assert.equal(await ana.page.locator("#failure").isVisible(), false, "the program itself is well");
    await ana.page.getByRole("heading", { name: said }).waitFor();
    await inspect(ana, `without the page, ${language}`);

    // It fails once more, and the conversation is still there.
    await ana.part("fetch-again").click();
    await ana.part("chunk-failed").waitFor();
    await ana.part("to-lobby").click();
    await ana.entered();
    await ana.page.goBack();
    await ana.part("chunk-failed").waitFor();

    fails = false;
    await ana.part("fetch-again").click();
    await ana.part("sign-in-form").waitFor();
    await isAt(ana, "/sign-in");
  });
}

scene("a page that is long in coming shows that it is on its way", async (scene) => {
  const ana = await scene.visit();
  let release;
  const released = new Promise((resolve) => (release = resolve));
  await ana.page.route(ACCOUNT, async (route) => {
    await released;
    await route.continue();
  });
  await ana.part("to-sign-in").or(ana.part("to-setup")).first().click();
  await ana.page.getByRole("status").getByText("Loading…").waitFor();
  assert.equal(await ana.part("to-lobby").isVisible(), true, "there is a way back");
  release();
  await ana.part("entrance").waitFor();
});
