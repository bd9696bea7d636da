// The pages of accounts as a person uses them. It does not know what should be on them.

import assert from "node:assert/strict";
import { eventually } from "./lobby.js";

export const PASSWORD = "correct horse battery";

/** Types into the fields of a form by their `data-testid`, and sends it. */
export async function submit(lobby, form, fields = {}) {
  await lobby.part(form).waitFor();
  for (const [id, text] of Object.entries(fields)) await lobby.part(id).fill(text);
  await lobby.part(form).locator("button[type=submit]").click();
}

/** Goes to an address of the same server in the same window, as a person who types it. */
export async function visitPath(scene, lobby, path) {
  await lobby.page.goto(new URL(path, scene.server.url).href);
}

/** Waits until the address has this path. */
export async function isAt(lobby, path) {
  await eventually(async () => assert.equal(new URL(lobby.page.url()).pathname, path));
}

/** The first start: registers the owner, sets the policy, and comes to the Lobby. */
export async function claim(lobby, userName, { registration = "invitation", guests = true } = {}) {
  await lobby.part("to-setup").first().click();
  await submit(lobby, "setup-form", { "user-name": userName, "new-password": PASSWORD });
  await lobby.part("policy-form").waitFor();
  await lobby.part(`registration-${registration}`).check();
  await lobby.part("guests").setChecked(guests);
  await submit(lobby, "policy-form");
  await isAt(lobby, "/");
  await lobby.entered();
}

/** Signs in on the page for it. */
export async function signIn(lobby, userName, password = PASSWORD) {
  await submit(lobby, "sign-in-form", { "user-name": userName, password });
}

/** Asks the HTTP API as the person of this window; fails when it refuses. */
export async function ask(lobby, method, address, body) {
  const answer = await lobby.page.evaluate(
    async ([method, address, body]) => {
      const headers = method === "GET" ? {} : { "content-type": "application/json" };
      const answer = await fetch(`/api/v1${address}`, { method, headers, body: body && JSON.stringify(body) });
      return { ok: answer.ok, text: await answer.text() };
    },
    [method, address, body],
  );
  assert.ok(answer.ok, `${method} ${address}: ${answer.text}`);
  return answer.text ? JSON.parse(answer.text) : undefined;
}

/** A person who registers on the page, on a server where anyone may. */
export async function registered(scene, userName, options = {}) {
  const lobby = await scene.visit(options);
  await visitPath(scene, lobby, "/register");
  await submit(lobby, "register-form", { "user-name": userName, "new-password": PASSWORD });
  await isAt(lobby, "/");
  await lobby.entered();
  const me = await ask(lobby, "GET", "/me");
  return Object.assign(lobby, { id: me.person.id });
}

/** The first start of a server where anyone may register, and everyone may write to everyone. */
export async function claimForTeam(scene, userName, options = {}) {
  const lobby = await scene.visit(options);
  await claim(lobby, userName, { registration: "open" });
  await ask(lobby, "PUT", "/server/policy", { registration: "open", guests: true, contact: "team" });
  const me = await ask(lobby, "GET", "/me");
  return Object.assign(lobby, { id: me.person.id });
}

/** Who the settings say is signed in. */
export async function signedInAs(lobby) {
  await lobby.openSettings();
  const said = await lobby.part("signed-in-as").innerText();
  await lobby.escape();
  await lobby.part("name-input").waitFor({ state: "hidden" });
  return said;
}

/** Waits until a field says what is wrong with it. */
export async function isWrong(lobby, field, said) {
  await eventually(async () => {
    assert.equal(await lobby.part(field).getAttribute("aria-invalid"), "true");
    const hint = await lobby.part(field).getAttribute("aria-describedby");
    assert.match(await lobby.page.locator(`#${hint}`).innerText(), said);
  });
}
