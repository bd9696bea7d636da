// Groups: making one, bringing people in, roles, links, leaving, the archive. It does not know how people become friends.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { claim, isAt, PASSWORD, signIn, submit, visitPath } from "./support/account.js";
import { inspect } from "./support/axe.js";
import { eventually } from "./support/lobby.js";
import { scene } from "./support/scene.js";

/** What a browser says on the console of an answer that is no success. */
const REFUSED = /Failed to load resource: the server responded with a status of 4\d\d/;
const PICTURE = fileURLToPath(new URL("../public/icon-512.png", import.meta.url));

async function register(scene, name, options) {
  const person = await scene.visit(options);
  await visitPath(scene, person, "/register");
  await submit(person, "register-form", { "user-name": name, "new-password": PASSWORD });
  await isAt(person, "/");
  await person.entered();
  return person;
}

/** Ana, who owns the server, and Bo, who is her friend. */
async function anaAndBo(scene, options) {
  scene.expect(REFUSED);
  const ana = await scene.visit(options);
  await claim(ana, "ana", { registration: "open" });
  const bo = await register(scene, "bo", options);
  await ask(bo, "PUT", `/friends/${(await ask(ana, "GET", "/me")).person.id}`);
  await ask(ana, "PUT", `/friends/${(await ask(bo, "GET", "/me")).person.id}`);
  return [ana, bo];
}

/** Asks the API as the person at this page. */
async function ask(lobby, method, address, body) {
  return lobby.page.evaluate(async ([method, address, body]) => {
    const asked = { method, headers: { "content-type": "application/json" }, body: body && JSON.stringify(body) };
    const answer = await fetch(`/api/v1${address}`, method === "GET" ? {} : asked);
    return answer.status === 204 ? null : answer.json();
  }, [method, address, body]);
}

/** Makes a group on its page, and gets its id. Its conversation is open then. */
async function make(scene, lobby, name, { people = [], visibility = "private", about = "" } = {}) {
  await visitPath(scene, lobby, "/groups/new");
  await lobby.part("new-group-form").waitFor();
  for (const person of people) await lobby.part("picker").getByText(person, { exact: true }).click();
  await lobby.part(`visibility-${visibility}`).check();
  await submit(lobby, "new-group-form", { "group-name": name, "group-about": about });
  await lobby.composer.waitFor();
  return eventually(() => {
    const [, id] = /^\/c\/([0-9a-f]{32})$/.exec(new URL(lobby.page.url()).pathname);
    return id;
  });
}

/** Opens the page of a group, by its address. */
async function toGroup(scene, lobby, id) {
  await visitPath(scene, lobby, `/g/${id}`);
  await lobby.part("member").first().waitFor();
}

/** Someone among the members. */
function member(lobby, name) {
  return lobby.part("member").filter({ has: lobby.page.getByText(name, { exact: true }) });
}

/** Does something with a member, and confirms it. */
async function act(lobby, name, deed) {
  await member(lobby, name).getByTestId("row-more").click();
  await member(lobby, name).getByTestId(deed).click();
  if (deed !== "set-role") await lobby.part(`${deed}-sure`).click();
}

/** Makes a link into a group. */
async function link(scene, lobby, id, uses = "5") {
  await toGroup(scene, lobby, id);
  await lobby.part("tab-links").click();
  await submit(lobby, "link-form", { "link-uses": uses });
  return lobby.part("group-link").innerText();
}

scene("an owner makes a group with a friend, a third comes by a link, and who is removed hears nothing more", async (scene) => {
  const [ana, bo] = await anaAndBo(scene);
  const id = await make(scene, ana, "Hikers", { people: ["bo"], about: "We walk." });
  await ana.say("who brings lunch?");
  await bo.part("conversation").filter({ hasText: "Hikers" }).click();
  await bo.shows("who brings lunch?");

  const cy = await register(scene, "cy");
  const addresses = [];
  cy.page.on("request", (request) => addresses.push(request.url().split("#")[0]));
  const url = await link(scene, ana, id);
  await cy.page.goto(url);
  await cy.part("group-title").getByText("Hikers").waitFor();
  await submit(cy, "join-form");
  await isAt(cy, `/c/${id}`);
  // Whoever is new reads what was said before.
  await cy.shows("who brings lunch?");
  await cy.say("I do");
  await bo.shows("who brings lunch?", "I do");
  const code = url.split("#").pop();
  assert.deepEqual(addresses.filter((address) => address.includes(code)), []);

  await toGroup(scene, ana, id);
  await act(ana, "cy", "remove-member");
  await member(ana, "cy").waitFor({ state: "detached" });
  await cy.part("missing").waitFor();
  await eventually(async () => {
    assert.equal(await cy.part("conversation").filter({ hasText: "Hikers" }).count(), 0);
  });
  await bo.say("without cy");
  await bo.shows("who brings lunch?", "I do", "without cy");
  await cy.page.reload();
  await cy.part("missing").waitFor();
  assert.equal(await cy.page.getByText("without cy").count(), 0);
  assert.equal((await ask(cy, "GET", `/groups/${id}`)).code, "not_found");

  // The door that they came by is still open to them, until they are banned.
  await cy.page.goto(url);
  await submit(cy, "join-form");
  await cy.shows("who brings lunch?", "I do", "without cy");
  await toGroup(scene, ana, id);
  await act(ana, "cy", "ban-member");
  await member(ana, "cy").waitFor({ state: "detached" });
  await cy.part("missing").waitFor();
  await cy.page.goto(url);
  await submit(cy, "join-form");
  await cy.page.getByText("You were banned from this group").waitFor();
  await ana.part("tab-bans").click();
  await ana.part("banned").getByText("cy", { exact: true }).waitFor();
  await ana.part("lift-ban").click();
  await ana.part("banned").waitFor({ state: "detached" });
  await cy.page.reload();
  await submit(cy, "join-form");
  await isAt(cy, `/c/${id}`);
});

scene("roles say what everyone can do, and a group is handed on before its owner leaves", async (scene) => {
  const [ana, bo] = await anaAndBo(scene);
  const id = await make(scene, ana, "Choir", { people: ["bo"] });
  await toGroup(scene, bo, id);
  assert.equal(await bo.part("tab-links").count(), 0, "a member looks after nothing");
  assert.equal(await bo.part("row-more").count(), 0);

  await toGroup(scene, ana, id);
  await member(ana, "bo").getByTestId("member-name").click();
  await ana.part("profile-name").getByText("bo", { exact: true }).waitFor();
  await ana.escape();
  await act(ana, "bo", "set-role");
  await member(ana, "bo").getByText("Administrator", { exact: true }).waitFor();
  // It shows at once on the page that is open.
  await bo.part("tab-links").waitFor();
  await bo.part("tab-settings").click();
  assert.equal(await bo.part("archive-group").count(), 0, "that is the owner's");
  await submit(bo, "group-form", { "group-name": "Choir of the old town" });
  await ana.part("group-title").getByText("Choir of the old town").waitFor();

  await ana.part("leave-group").click();
  await ana.part("owner-stays").waitFor();
  // What can be done with someone is open already.
  await member(ana, "bo").getByTestId("hand-on").click();
  await ana.part("hand-on-sure").click();
  await member(ana, "bo").getByText("Owner", { exact: true }).waitFor();
  await ana.part("leave-group").click();
  await ana.part("leave-group-sure").click();
  await isAt(ana, "/");
  await ana.entered();
  await eventually(async () => {
    assert.equal(await ana.part("conversation").filter({ hasText: "Choir" }).count(), 0);
  });
  await bo.part("tab-members").click();
  await member(bo, "ana").waitFor({ state: "detached" });
});

scene("an archived group is read and not written to, until it is restored", async (scene) => {
  const [ana, bo] = await anaAndBo(scene);
  const id = await make(scene, ana, "Summer camp", { people: ["bo"] });
  await ana.say("see you there");
  await bo.part("conversation").filter({ hasText: "Summer camp" }).click();
  await bo.shows("see you there");
  await toGroup(scene, ana, id);
  await ana.part("tab-settings").click();
  await ana.part("archive-group").click();
  await ana.part("archive-group-sure").click();
  await ana.part("restore-group").waitFor();
  await bo.part("closed").waitFor();
  await bo.shows("see you there");
  await ana.part("restore-group").click();
  await ana.part("archive-group").waitFor();
  await bo.composer.waitFor();
  await bo.say("yes");
  await bo.shows("see you there", "yes");
});

scene("a link that was revoked or used up leads nowhere, and says so", async (scene) => {
  const [ana, bo] = await anaAndBo(scene);
  const id = await make(scene, ana, "Board games");
  const once = await link(scene, ana, id, "1");
  await bo.page.goto(once);
  await submit(bo, "join-form");
  await isAt(bo, `/c/${id}`);
  const cy = await register(scene, "cy");
  await cy.page.goto(once);
  await cy.part("unknown-link").waitFor();

  const other = await link(scene, ana, id, "9");
  await ana.part("revoke-link").click();
  await ana.part("revoke-link").click();
  await ana.part("revoke-link").waitFor({ state: "detached" });
  await cy.page.goto("about:blank");
  await cy.page.goto(other);
  await cy.part("unknown-link").waitFor();
});

scene("someone without an account registers and comes back to the group they were invited to", async (scene) => {
  const [ana] = await anaAndBo(scene);
  const id = await make(scene, ana, "Newcomers");
  const url = await link(scene, ana, id);
  const guest = await scene.visit();
  await guest.page.goto(url);
  await guest.part("group-title").getByText("Newcomers").waitFor();
  assert.equal(await guest.part("join-form").count(), 0);
  await guest.part("invited").getByTestId("to-register").click();
  await isAt(guest, "/register");
  // Also when the page is loaded anew on the way.
  await guest.page.reload();
  await submit(guest, "register-form", { "user-name": "cy", "new-password": PASSWORD });
  await isAt(guest, "/join");
  await submit(guest, "join-form");
  await isAt(guest, `/c/${id}`);
  await guest.say("hello all");
  await guest.shows("hello all");
});

scene("a public group is found by its name and joined, a private one is not there", async (scene) => {
  const [ana, bo] = await anaAndBo(scene);
  const hidden = await make(scene, ana, "Ridge committee");
  const id = await make(scene, ana, "Ridge hikers", { visibility: "public", about: "Every Saturday." });
  await bo.part("to-new-group").click();
  await bo.part("to-groups").click();
  await bo.part("find-group").fill("ridge");
  await eventually(async () => assert.equal(await bo.part("group-row").count(), 1));
  await bo.part("group-row").getByText("Every Saturday.").waitFor();
  await bo.part("find-group").fill("nothing like it");
  await bo.part("group-row").waitFor({ state: "detached" });
  await bo.part("find-group").fill("");
  await bo.part("join-group").click();
  await isAt(bo, `/c/${id}`);
  await bo.say("may I come?");
  await bo.shows("may I come?");
  await visitPath(scene, bo, `/g/${hidden}`);
  await bo.part("group-absent").waitFor();
});

scene("a group has a picture that its members see", async (scene) => {
  const [ana, bo] = await anaAndBo(scene);
  const id = await make(scene, ana, "Painters", { people: ["bo"] });
  await toGroup(scene, ana, id);
  await ana.part("tab-settings").click();
  await ana.part("picture-file").setInputFiles(PICTURE);
  await ana.part("picture-use").click();
  await ana.part("remove-picture").waitFor();
  const picture = bo.part("conversation").filter({ hasText: "Painters" }).locator("img");
  await eventually(async () => assert.ok(await picture.evaluate((image) => image.complete && image.naturalWidth === 256)));
  await ana.part("remove-picture").click();
  await ana.part("remove-picture").click();
  await picture.waitFor({ state: "detached" });
});

scene("groups are for those who have an account, who come to where they wanted after signing in", async (scene) => {
  const [ana] = await anaAndBo(scene);
  await ana.openSettings();
  await ana.part("sign-out").click();
  await ana.part("door").first().waitFor();
  await visitPath(scene, ana, "/groups");
  await isAt(ana, "/sign-in");
  await signIn(ana, "ana");
  await isAt(ana, "/groups");
  await ana.part("no-groups").waitFor();
});

scene("the page of a group is used by keyboard alone", async (scene) => {
  const [ana] = await anaAndBo(scene);
  const id = await make(scene, ana, "Keys", { people: ["bo"] });
  await toGroup(scene, ana, id);
  const focused = () => ana.page.evaluate(() => document.activeElement.dataset.testid ?? document.activeElement.id);
  const tabTo = async (part) => {
    for (let tab = 0; (await focused()) !== part; tab += 1) {
      assert.ok(tab < 20, `${part} is reached`);
      await ana.page.keyboard.press("Tab");
    }
  };
  await eventually(async () => assert.equal(await focused(), "group-title", "the page begins with its heading"));
  await tabTo("row-more");
  await ana.page.keyboard.press("Enter");
  await tabTo("remove-member");
  await ana.page.keyboard.press("Enter");
  await eventually(async () => assert.equal(await focused(), "remove-member-sure"));
  await ana.page.keyboard.press("Escape");
  await eventually(async () => assert.equal(await focused(), "remove-member", "the focus goes back"));
  await ana.page.keyboard.press("Enter");
  await eventually(async () => assert.equal(await focused(), "remove-member-sure"));
  await ana.page.keyboard.press("Enter");
  await member(ana, "bo").waitFor({ state: "detached" });
  await eventually(async () => assert.equal(await focused(), "group-section", "the focus is not lost"));
});

for (const [locale, colorScheme, width] of [["en-GB", "light", 1280], ["zh-CN", "dark", 360]]) {
  scene(`the pages of groups fit ${width} pixels in ${locale} and ${colorScheme}, and are accessible`, async (scene) => {
    const options = { locale, colorScheme, viewport: { width, height: 780 } };
    scene.expect(REFUSED);
    const ana = await scene.visit(options);
    if (width < 768) await ana.part("people-button").click();
    await claim(ana, "ana", { registration: "open" });
    const id = await make(scene, ana, "A group with a name as long as they get", { visibility: "public" });
    const look = async (where) => {
      await ana.page.waitForLoadState("networkidle");
      const beyond = await ana.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.equal(beyond, 0, `${where} is no wider than the window`);
      await inspect(ana, where);
    };
    for (const path of ["/groups", "/groups/new", `/g/${id}`, `/g/${"0".repeat(32)}`, "/join#unknown"]) {
      await visitPath(scene, ana, path);
      await ana.page.locator("#app h1").first().waitFor();
      await look(path);
    }
    await toGroup(scene, ana, id);
    await ana.part("add-people").click();
    await look("adding people");
    for (const tab of ["tab-links", "tab-bans", "tab-settings"]) {
      await ana.part(tab).click();
      await look(tab);
    }
    await ana.part("archive-group").click();
    await look("what is asked once more");
  });
}
