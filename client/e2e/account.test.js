// Accounts: the first start, invitations, signing in and out. It does not know what people say to each other.

import assert from "node:assert/strict";
import { claim, isAt, isWrong, PASSWORD, signedInAs, signIn, submit, visitPath } from "./support/account.js";
import { inspect } from "./support/axe.js";
import { eventually } from "./support/lobby.js";
import { scene } from "./support/scene.js";

/** What a browser says on the console of an answer that is no success. */
const REFUSED = /Failed to load resource: the server responded with a status of 4\d\d/;
const NO_SOCKET = /WebSocket connection to '[^']+' failed/;

scene("the first visitor becomes owner, keeps what they said as a guest, and sets who may come in", async (scene) => {
  scene.expect(REFUSED);
  const ana = await scene.visit();
  await ana.say("before I had an account");
  await ana.shows("before I had an account");
  await claim(ana, "ana", { registration: "closed", guests: true });
  await ana.shows("before I had an account");
  assert.ok((await ana.messages()).every((message) => message.mine), "they are still the owner's");
  assert.match(await signedInAs(ana), /ana/);

  const bo = await scene.visit();
  await bo.part("to-register").first().click();
  await bo.page.getByText("Nobody can create an account here at the moment.").waitFor();
  assert.equal(await bo.part("register-form").count(), 0);
});

scene("an invitation's link lets a second person in, and its code never reaches the server in an address", async (scene) => {
  scene.expect(REFUSED);
  const ana = await scene.visit();
  await claim(ana, "ana");
  await visitPath(scene, ana, "/settings/invitations");
  await submit(ana, "invitation-form", { "invitation-uses": "1" });
  const link = await ana.part("invitation-link").innerText();
  assert.match(link, /\/register#invitation=.+$/);

  const addresses = [];
  const bo = await scene.visit();
  bo.page.on("request", (request) => addresses.push(request.url().split("#")[0]));
  await bo.page.goto(link);
  await submit(bo, "register-form", { "user-name": "bo", "new-password": PASSWORD });
  await isAt(bo, "/");
  await bo.entered();
  assert.match(await signedInAs(bo), /bo/);
  const code = link.split("=").pop();
  assert.deepEqual(addresses.filter((address) => address.includes(code)), []);

  // It was for one.
  const cy = await scene.visit();
  await cy.page.goto(link);
  await cy.page.getByText("This invitation doesn’t hold, or no longer does.").waitFor();
  assert.equal(await cy.part("register-form").count(), 0);
});

scene("a wrong password is told beside the field, and the right one signs in", async (scene) => {
  scene.expect(REFUSED);
  const ana = await scene.visit();
  await claim(ana, "ana");
  const there = await scene.visit();
  await there.part("to-sign-in").first().click();
  await signIn(there, "ana", "not the password");
  await isWrong(there, "password", /user name or the password is wrong/);
  await isAt(there, "/sign-in");
  await signIn(there, "ANA");
  await isAt(there, "/");
  await there.entered();
  assert.match(await signedInAs(there), /ana/);
});

scene("signing out on one device ends the other's connection, which keeps what was written", async (scene) => {
  scene.expect(REFUSED);
  const ana = await scene.visit();
  await claim(ana, "ana");
  const there = await scene.visit();
  await visitPath(scene, there, "/sign-in");
  await signIn(there, "ana");
  await isAt(there, "/");
  await there.entered();
  await there.composer.fill("half a thought");

  await visitPath(scene, ana, "/settings/devices");
  await ana.part("end-session").click();
  await ana.part("end-session").click();
  // It counts from when the server has answered.
  await eventually(async () => assert.equal(await ana.part("device").count(), 1));
  await there.part("signed-out").waitFor({ timeout: 5_000 });
  assert.equal(await there.composer.inputValue(), "half a thought");

  await there.part("sign-in-again").click();
  await signIn(there, "ana");
  await isAt(there, "/");
  await there.entered();
  assert.equal(await there.composer.inputValue(), "half a thought");
  await there.say("a whole thought");
  await there.shows("a whole thought");
});

scene("who signs out is a guest again, and nothing of them stays on the page", async (scene) => {
  scene.expect(REFUSED);
  const ana = await scene.visit();
  await claim(ana, "ana");
  await ana.composer.fill("a draft");
  await ana.openSettings();
  await ana.part("sign-out").click();
  await ana.part("door").first().waitFor();
  await ana.entered();
  assert.equal(await ana.part("name-button").getByText("ana").count(), 0);
  await ana.page.reload();
  await ana.entered();
  assert.equal(await ana.composer.inputValue(), "");
});

scene("where guests may not come in, one signs in first", async (scene) => {
  scene.expect(REFUSED);
  scene.expect(NO_SOCKET);
  const ana = await scene.visit();
  await claim(ana, "ana", { guests: false });
  const bo = await scene.visit({ wait: false });
  await isAt(bo, "/sign-in");
  await bo.page.getByText("Guests can’t come in here.").waitFor();
  await signIn(bo, "ana");
  await isAt(bo, "/");
  await bo.entered();
});

scene("pages of accounts have addresses: reload, back and forward work", async (scene) => {
  scene.expect(REFUSED);
  const ana = await scene.visit();
  await claim(ana, "ana");
  await ana.openSettings();
  await ana.part("to-settings").click();
  await isAt(ana, "/settings/profile");
  await ana.part("section-devices").click();
  await isAt(ana, "/settings/devices");
  await ana.page.reload();
  await ana.part("device").waitFor();
  await isAt(ana, "/settings/devices");
  await ana.page.goBack();
  await isAt(ana, "/settings/profile");
  await ana.part("profile-form").waitFor();
  await ana.page.goForward();
  await ana.part("device").waitFor();
  await ana.part("to-lobby").click();
  await ana.entered();
  await isAt(ana, "/");
});

scene("the profile, the password and the account are changed and ended by their person", async (scene) => {
  scene.expect(REFUSED);
  const ana = await scene.visit();
  await claim(ana, "ana", { registration: "open" });
  const bo = await scene.visit();
  await visitPath(scene, bo, "/register");
  await submit(bo, "register-form", { "user-name": "bo", "new-password": PASSWORD });
  await isAt(bo, "/");
  await bo.entered();

  await visitPath(scene, bo, "/settings/profile");
  await submit(bo, "profile-form", { "display-name": "Bo 波", email: "nowhere" });
  await isWrong(bo, "email", /doesn’t look like an e-mail address/);
  await submit(bo, "profile-form", { email: "", status: "here" });
  await eventually(async () => assert.equal(await bo.part("profile-form").getByTestId("form-done").innerText(), "Saved."));
  await ana.part("people").getByText("Bo 波").waitFor();

  await visitPath(scene, bo, "/settings/security");
  await submit(bo, "password-form", { "current-password": "wrong", "new-password": "another horse" });
  await isWrong(bo, "current-password", /password is wrong/);
  await submit(bo, "password-form", { "current-password": PASSWORD });
  await bo.page.getByText("Your password has been changed.").waitFor();

  await visitPath(scene, bo, "/settings/data");
  await submit(bo, "delete-form", { "delete-password": "another horse" });
  await isAt(bo, "/");
  await bo.entered();
  await bo.part("door").first().waitFor();
});

scene("an administrator's code sets a new password", async (scene) => {
  scene.expect(REFUSED);
  const ana = await scene.visit();
  await claim(ana, "ana", { registration: "open" });
  const bo = await scene.visit();
  await visitPath(scene, bo, "/register");
  await submit(bo, "register-form", { "user-name": "bo", "new-password": PASSWORD });
  await isAt(bo, "/");
  await bo.entered();

  await visitPath(scene, ana, "/settings/people");
  await ana.part("record").filter({ hasText: "@bo" }).getByTestId("make-reset-code").click();
  const code = await ana.part("reset-code-made").innerText();
  await visitPath(scene, bo, "/new-password");
  await submit(bo, "reset-form", { "user-name": "bo", "reset-code": code, "new-password": "another horse" });
  await bo.page.getByText("Your new password is set.").waitFor();
  await bo.part("to-sign-in").click();
  await signIn(bo, "bo", "another horse");
  await isAt(bo, "/");
  // Only a connection that stands can be told that it ends.
  await bo.entered();

  await visitPath(scene, ana, "/settings/people");
  const row = ana.part("record").filter({ hasText: "@bo" });
  await row.getByTestId("deactivate").click();
  await row.getByTestId("deactivate").click();
  await row.getByText("Deactivated").waitFor();
  await bo.part("signed-out").waitFor({ timeout: 5_000 });
});

for (const [colorScheme, locale, width] of [["dark", "zh-CN", 360], ["light", "en-GB", 1280]]) {
  scene(`accounts fit ${width} pixels in ${locale} and ${colorScheme}, and are accessible`, async (scene) => {
    scene.expect(REFUSED);
    const ana = await scene.visit({ colorScheme, locale, viewport: { width, height: 760 } });
    if (width < 768) await ana.part("people-button").click();
    await claim(ana, "ana");
    for (const path of ["/sign-in", "/register", "/new-password", "/settings/profile", "/settings/security",
      "/settings/devices", "/settings/tokens", "/settings/data", "/settings/server", "/settings/invitations",
      "/settings/people"]) {
      await visitPath(scene, ana, path);
      await ana.page.locator("#app h1").waitFor();
      await ana.page.waitForLoadState("networkidle");
      const beyond = await ana.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.equal(beyond, 0, `${path} is no wider than the window`);
      await inspect(ana, path);
    }
  });
}
