// Two people in two browsers talk in the Lobby. It does not know what happens when a connection breaks.

import assert from "node:assert/strict";
import { eventually } from "./support/lobby.js";
import { scene } from "./support/scene.js";

scene("two people talk, and each sees who said what", async ({ visit }) => {
  const [ana, bo] = [await visit(), await visit()];
  await ana.rename("Ana");
  await bo.rename("Bo 波");

  await ana.say("Hello Bo");
  await bo.shows("Hello Bo");
  await bo.say("你好，Ana");
  await ana.shows("Hello Bo", "你好，Ana");
  await bo.shows("Hello Bo", "你好，Ana");

  const seen = async (lobby) => (await lobby.messages()).map(({ author, mine }) => [author, mine]);
  await eventually(async () => {
    assert.deepEqual(await seen(ana), [["Ana", true], ["Bo 波", false]]);
    assert.deepEqual(await seen(bo), [["Ana", false], ["Bo 波", true]]);
  });
  const side = (lobby, text) =>
    lobby.row(text).getByTestId("message-text").evaluate((words) => words.getBoundingClientRect().left);
  assert.ok((await side(ana, "Hello Bo")) > (await side(ana, "你好，Ana")), "one's own stand at the other side");
});

scene("a new name is shown on what was said before", async ({ visit }) => {
  const [ana, bo] = [await visit(), await visit()];
  await ana.say("who am I?");
  await bo.shows("who am I?");
  assert.match((await bo.messages())[0].author, /^Guest [0-9A-F]{4}$/);
  await ana.rename("Ana López");
  await eventually(async () => assert.equal((await bo.messages())[0].author, "Ana López"));
  await bo.part("people").getByText("Ana López").waitFor();
});

scene("everyone sees how many people are there", async ({ visit }) => {
  const ana = await visit();
  await eventually(async () => assert.equal(await ana.online(), 1));
  const bo = await visit();
  for (const lobby of [ana, bo]) {
    await eventually(async () => {
      assert.equal(await lobby.online(), 2);
      assert.equal(await lobby.part("people").getByRole("listitem").count(), 2);
    });
  }
  await bo.page.close();
  await eventually(async () => assert.equal(await ana.online(), 1));
});

scene("others see that one types, and only others", async ({ visit }) => {
  const [ana, bo] = [await visit(), await visit()];
  await bo.rename("Bo");
  await bo.composer.pressSequentially("Let me th");
  await ana.part("typing").getByText("Bo is typing…").waitFor();
  assert.equal(await bo.part("typing").count(), 0, "not oneself");
  await bo.composer.press("Enter");
  await ana.part("typing").waitFor({ state: "detached" });
  await ana.shows("Let me th");
});

scene("what one person says in a row is grouped under one name", async ({ visit }) => {
  const [ana, bo] = [await visit(), await visit()];
  await ana.rename("Ana");
  for (const text of ["one", "two", "three"]) await ana.say(text);
  await bo.shows("one", "two", "three");
  await bo.say("four");
  // Two people's messages stand in the order in which the server gets them.
  await ana.shows("one", "two", "three", "four");
  await ana.say("five");
  await bo.shows("one", "two", "three", "four", "five");

  const named = async (text) => {
    const box = await bo.row(text).getByTestId("message-author").boundingBox();
    return box.width > 2 && box.height > 2;
  };
  for (const [text, is] of [["one", true], ["two", false], ["three", false], ["five", true]]) {
    assert.equal(await named(text), is, `whether "${text}" is under a name`);
  }
  const top = async (text) => (await bo.row(text).boundingBox()).y;
  const bottom = async (text) => {
    const box = await bo.row(text).boundingBox();
    return box.y + box.height;
  };
  const gap = async (above, below) => (await top(below)) - (await bottom(above));
  assert.ok((await gap("one", "two")) <= (await gap("three", "four")), "a run stands closer together");
});

scene("links are links, and markup is only text", async ({ visit }) => {
  const [ana, bo] = [await visit(), await visit()];
  const text = "see https://example.org/a?b=1, <img src=x onerror=alert(1)> javascript:alert(2)";
  await ana.say(text);
  await bo.shows(text);
  const links = bo.row(text).getByRole("link");
  assert.equal(await links.count(), 1);
  assert.equal(await links.getAttribute("href"), "https://example.org/a?b=1");
  assert.equal(await links.getAttribute("rel"), "noopener noreferrer");
  assert.equal(await links.getAttribute("target"), "_blank");
  assert.equal(await bo.log.locator("img").count(), 0);
});
