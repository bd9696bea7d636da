// Friends: asking, accepting, writing to each other, another name for someone, a block. It does not know what groups are.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { claim, isAt, PASSWORD, submit, visitPath } from "./support/account.js";
import { inspect } from "./support/axe.js";
import { eventually } from "./support/lobby.js";
import { scene } from "./support/scene.js";

/** What a browser says on the console of an answer that is no success. */
const REFUSED = /Failed to load resource: the server responded with a status of 4\d\d/;
const PICTURE = fileURLToPath(new URL("../public/icon-512.png", import.meta.url));

/** Two people with an account, on a server that the first of them owns. */
async function anaAndBo(scene, options) {
  scene.expect(REFUSED);
  const ana = await scene.visit(options);
  await claim(ana, "ana", { registration: "open" });
  return [ana, await register(scene, "bo", options)];
}

async function register(scene, name, options) {
  const person = await scene.visit(options);
  await visitPath(scene, person, "/register");
  await submit(person, "register-form", { "user-name": name, "new-password": PASSWORD });
  await isAt(person, "/");
  await person.entered();
  return person;
}

/** The person of this name in whatever list of people is shown. */
function contact(lobby, name) {
  return lobby.part("contact").filter({ has: lobby.page.getByText(name, { exact: true }) });
}

async function toContacts(lobby) {
  await lobby.part("to-contacts").click();
  await lobby.part("contacts-page").waitFor();
}

async function find(lobby, name) {
  await lobby.part("find").fill(name);
  await contact(lobby, `@${name}`).waitFor();
}

/** Makes them friends, and leaves both on the page of contacts. */
async function befriend(ana, bo) {
  await toContacts(ana);
  await toContacts(bo);
  await find(ana, "bo");
  await ana.part("befriend").click();
  await contact(ana, "@bo").getByTestId("withdraw").waitFor();
  // It comes by itself, and so does the answer.
  await contact(bo, "@ana").getByTestId("accept").click();
  await contact(bo, "@ana").getByTestId("talk").waitFor();
  await contact(ana, "@bo").getByTestId("talk").waitFor();
}

scene("two people become friends, write to each other, and a block ends it", async (scene) => {
  const [ana, bo] = await anaAndBo(scene);
  await befriend(ana, bo);

  await contact(ana, "@bo").getByTestId("talk").click();
  await ana.composer.waitFor();
  await eventually(() => assert.match(new URL(ana.page.url()).pathname, /^\/c\/[0-9a-f]{32}$/));
  await ana.say("shall we have lunch?");
  await ana.shows("shall we have lunch?");
  await bo.part("to-lobby").click();
  await bo.part("conversation").filter({ hasText: "lunch" }).click();
  await bo.shows("shall we have lunch?");
  await bo.say("at noon");
  await ana.shows("shall we have lunch?", "at noon");

  // What was said stays; nobody says more.
  await bo.part("to-person").click();
  await bo.part("block").click();
  await bo.part("block").click();
  await bo.part("unblock").waitFor();
  await ana.part("closed").waitFor();
  await ana.shows("shall we have lunch?", "at noon");
  await bo.escape();
  await bo.part("closed").waitFor();

  // Whoever is blocked sees somebody who is not there.
  await visitPath(scene, ana, "/contacts");
  await ana.page.getByText("No friends yet.").waitFor();
  await ana.part("find").fill("bo");
  await ana.page.getByText("Nobody found.").first().waitFor();
  assert.equal(await ana.part("contact").count(), 0);

  // Taken back, the block leaves two strangers.
  await toContactsOf(scene, bo);
  await bo.part("blocked").locator("summary").click();
  await contact(bo, "@ana").getByTestId("unblock").click();
  await bo.page.getByText("You haven’t blocked anyone.").waitFor();
  await ana.part("find").fill("");
  await ana.page.getByText("No friends yet.").waitFor();
  await find(ana, "bo");
  await contact(ana, "@bo").getByTestId("befriend").waitFor();
});

async function toContactsOf(scene, lobby) {
  await visitPath(scene, lobby, "/contacts");
  await lobby.part("contacts-page").waitFor();
}

scene("a request is withdrawn by who sent it and declined by who got it", async (scene) => {
  const [ana, bo] = await anaAndBo(scene);
  await toContacts(ana);
  await toContacts(bo);
  await find(ana, "bo");
  await ana.part("befriend").click();
  await bo.part("accept").waitFor();
  await ana.part("withdraw").click();
  await bo.part("accept").waitFor({ state: "detached" });
  await ana.part("befriend").click();
  // Else the button that must come back would be the one that was pressed.
  await ana.part("withdraw").waitFor();
  await bo.part("decline").click();
  await ana.part("befriend").waitFor();
  // Ana may hear of it before Bo has the answer.
  await eventually(async () => assert.equal(await bo.part("contact").count(), 0));
});

scene("another name for a friend shows wherever they do, and to nobody else", async (scene) => {
  const [ana, bo] = await anaAndBo(scene);
  await befriend(ana, bo);
  await ana.part("find").fill("");
  await contact(ana, "@bo").getByTestId("contact-who").click();
  await ana.part("remark").click();
  await submit(ana, "remark-form", { "remark-name": "Bo from the choir" });
  await eventually(async () => assert.equal(await ana.part("profile-name").innerText(), "Bo from the choir"));
  assert.match(await ana.part("profile-facts").innerText(), /bo\s*@bo/);
  await ana.escape();
  const listed = contact(ana, "@bo").getByTestId("contact-name");
  await eventually(async () => assert.equal(await listed.innerText(), "Bo from the choir"));

  await contact(ana, "@bo").getByTestId("talk").click();
  await ana.part("to-person").getByText("Bo from the choir").waitFor();
  await ana.say("hello");
  await ana.part("conversation").filter({ hasText: "Bo from the choir" }).waitFor();
  // It is still there when the page is loaded anew.
  await ana.page.reload();
  await ana.part("conversation").filter({ hasText: "Bo from the choir" }).waitFor();
  assert.equal(await bo.page.getByText("Bo from the choir").count(), 0);
});

scene("one writes notes to oneself", async (scene) => {
  scene.expect(REFUSED);
  const ana = await scene.visit();
  await claim(ana, "ana");
  await toContacts(ana);
  await ana.part("notes").click();
  await ana.say("buy bread");
  await ana.shows("buy bread");
  await ana.page.reload();
  await ana.shows("buy bread");
});

scene("a picture is chosen, seen by others, and taken away", async (scene) => {
  const [ana, bo] = await anaAndBo(scene);
  await visitPath(scene, ana, "/settings/profile");
  await ana.part("picture-file").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
  await ana.part("picture-use").click();
  await ana.page.getByText("This file can’t be read.").waitFor();
  await ana.part("picture-cancel").click();
  await ana.part("picture-file").setInputFiles(PICTURE);
  await ana.part("picture-chosen").waitFor();
  await ana.part("picture-use").click();
  await ana.part("remove-picture").waitFor();

  await toContacts(bo);
  await find(bo, "ana");
  const portrait = contact(bo, "@ana").locator("img");
  await eventually(async () => assert.ok(await portrait.evaluate((image) => image.complete && image.naturalWidth === 256)));

  await ana.part("remove-picture").click();
  await ana.part("remove-picture").click();
  await ana.part("remove-picture").waitFor({ state: "detached" });
});

for (const [language, colorScheme, width] of [["en", "light", 1280], ["zh", "dark", 360]]) {
  scene(`the pages of people keep the rules of WCAG: ${language}, ${colorScheme}, ${width} px`, async (scene) => {
    const [ana] = await anaAndBo(scene, { locale: language, colorScheme });
    await ana.page.setViewportSize({ width, height: 800 });
    await visitPath(scene, ana, "/contacts");
    await ana.part("notes").waitFor();
    await inspect(ana, "nobody yet");
    await find(ana, "bo");
    await inspect(ana, "someone found");
    await ana.part("contact-who").click();
    await ana.part("profile-name").waitFor();
    await ana.part("remark").click();
    await inspect(ana, "who someone is");
    const wide = await ana.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(wide, false, "nothing stands beside the window");
  });
}

scene("contacts are used by keyboard alone", async (scene) => {
  const [ana, bo] = await anaAndBo(scene);
  await toContacts(bo);
  await find(bo, "ana");
  await bo.part("befriend").click();
  await toContacts(ana);
  await ana.part("accept").waitFor();
  const focused = () => ana.page.evaluate(() => document.activeElement.dataset.testid ?? document.activeElement.id);
  await eventually(async () => assert.equal(await focused(), "contacts-title", "the page begins with its heading"));
  for (let tab = 0; (await focused()) !== "accept"; tab += 1) {
    assert.ok(tab < 12, "the button is reached");
    await ana.page.keyboard.press("Tab");
  }
  await ana.page.keyboard.press("Enter");
  await ana.part("talk").waitFor();
  await eventually(async () => assert.equal(await focused(), "contacts-title", "the focus is not lost"));
  assert.equal(await ana.part("said").innerText(), "You’re friends now.");
  await ana.part("contact-who").focus();
  await ana.page.keyboard.press("Enter");
  await ana.part("profile-name").waitFor();
  await ana.page.keyboard.press("Escape");
  await ana.part("profile-name").waitFor({ state: "detached" });
  await eventually(async () => assert.equal(await focused(), "contact-who", "the focus returns"));
});
