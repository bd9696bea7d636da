// Signs people in and opens their contacts in a real browser, again and again, and prints one line of JSON for each time. It
// does not know who they are, or what the figures mean.
//
// PARLEY_BIN is the server's program, its data lies in the folder that is named first, and after it stand the rounds and, for
// each person, a user name, how many conversations they have beside the Lobby, and how many friends.

import assert from "node:assert/strict";
import { visitPath } from "../support/account.js";
import { launch } from "../support/browser.js";
import { limits } from "../support/limits.js";
import { Lobby } from "../support/lobby.js";
import { Server } from "../support/server.js";
import { Traffic } from "./traffic.js";

/** How long anything may take before it counts as broken, in milliseconds. */
const WAIT_MS_MAX = 60_000;

const [dir, password, rounds, ...described] = process.argv.slice(2);
const people = [];
for (let at = 0; at < described.length; at += 3) {
  const [userName, conversations, friends] = described.slice(at, at + 3);
  people.push({ userName, conversations: Number(conversations), friends: Number(friends) });
}

const server = await Server.over(dir);
const browser = await launch();
try {
  for (let round = 0; round < Number(rounds); round += 1) {
    // Whoever comes second in one round comes first in the next.
    for (const person of round % 2 ? people.toReversed() : people) {
      const figures = await arrive(person);
      console.log(JSON.stringify({ round, userName: person.userName, ...figures }));
    }
  }
} finally {
  await browser.close();
  await server.stop();
}

/** One person's way in, in a browser that was never here. */
async function arrive({ userName, conversations, friends }) {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(WAIT_MS_MAX);
  try {
    const lobby = new Lobby(await context.newPage());
    await lobby.page.addInitScript({ content: `window.watch = (${stopwatch})({ isUsable: ${isUsable}, hasFriends: ${hasFriends} })` });
    const traffic = await Traffic.of(lobby.page);
    await visitPath({ server }, lobby, "/sign-in");
    await lobby.part("user-name").fill(userName);
    await lobby.part("password").fill(password);
    await traffic.settled();

    // The first page of the list; the Lobby is on it wherever it stands.
    const entries = Math.min(conversations + 1, limits.PAGE_CONVERSATIONS_MAX);
    const signIn = await clocked(lobby, traffic, "submit", "isUsable", entries, () => lobby.part("password").press("Enter"));
    await lobby.composer.pressSequentially("hello");
    assert.equal(await lobby.composer.inputValue(), "hello", "one can write");

    const again = await clocked(lobby, traffic, undefined, "isUsable", entries, () => lobby.page.reload());
    assert.equal(await lobby.composer.inputValue(), "hello", "one can write on");

    const rows = Math.min(friends, limits.PAGE_CONTACTS_MAX);
    const openContacts = () => lobby.part("to-contacts").click();
    const contacts = await clocked(lobby, traffic, "click", "hasFriends", rows, openContacts);
    await lobby.part("to-lobby").click();
    await lobby.entered();
    const contactsAgain = await clocked(lobby, traffic, "click", "hasFriends", rows, openContacts);
    const allFriends = await toTheEnd(lobby, traffic, friends);
    return { signIn, again, contacts, contactsAgain, allFriends };
  } finally {
    await context.close();
  }
}

/**
 * Does something, and gives the milliseconds from this event on the page, or from the loading of it, until what is wanted is
 * drawn, with what came.
 */
async function clocked(lobby, traffic, event, wanted, count, act) {
  traffic.restart();
  if (event) await lobby.page.evaluate((event) => window.watch.start(event), event);
  await act();
  const ms = await until(lobby, wanted, count);
  return { ms, ...(await traffic.settled()) };
}

function until(lobby, wanted, count) {
  const args = [wanted, count, WAIT_MS_MAX];
  return lobby.page.evaluate(([wanted, count, patience]) => window.watch.until(wanted, count, patience), args);
}

/** Has further friends listed until all are there. */
async function toTheEnd(lobby, traffic, friends) {
  traffic.restart();
  const start = performance.now();
  let slowest = 0;
  for (let shown = limits.PAGE_CONTACTS_MAX; shown < friends; shown += limits.PAGE_CONTACTS_MAX) {
    const rows = Math.min(shown + limits.PAGE_CONTACTS_MAX, friends);
    await lobby.page.evaluate(() => window.watch.start("click"));
    await lobby.part("more-people").click();
    slowest = Math.max(slowest, await until(lobby, "hasFriends", rows));
  }
  const ms = performance.now() - start;
  return { ms, slowest, ...(await traffic.settled()) };
}

/** Runs in the page: whether the list is drawn, a conversation with its messages is open, and the field takes text. */
function isUsable(entries) {
  const part = (id) => document.querySelector(`[data-testid=${id}]`);
  const field = part("composer");
  return (
    part("to-contacts") !== null &&
    document.querySelectorAll("[data-testid=conversation]").length >= entries &&
    part("log")?.getAttribute("aria-busy") === "false" &&
    field !== null &&
    !field.disabled &&
    !field.readOnly
  );
}

/** Runs in the page: whether so many friends are listed, or that there are none. */
function hasFriends(rows) {
  const page = document.querySelector("[data-testid=contacts-page]");
  if (rows === 0) return page?.querySelector(".listing__none") != null;
  return page !== null && page.querySelectorAll("[data-testid=contact]").length >= rows;
}

/** Runs in the page before it is loaded: a watch that an event starts, and that stops in the frame that shows what is wanted. */
function stopwatch(looks) {
  // A page that is loaded is waited for from its beginning.
  let started = 0;
  return {
    start(event) {
      started = undefined;
      addEventListener(event, () => (started ??= performance.now()), { capture: true, once: true });
    },
    until(wanted, count, patience) {
      return new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error(`${wanted} ${count} never came; there is: ${document.body.innerText}`)), patience);
        const look = () => {
          // What was drawn for this frame is seen when the next task begins.
          if (started !== undefined && looks[wanted](count)) setTimeout(() => resolve(performance.now() - started));
          else requestAnimationFrame(look);
        };
        look();
      });
    },
  };
}
