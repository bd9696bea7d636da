// What a browser keeps of the page, as it lies there. It does not know what should be kept.

import assert from "node:assert/strict";
import { eventually } from "./lobby.js";

/** Waits until the browser keeps this text for the next visit. */
export async function isKept(lobby, text) {
  await eventually(async () => assert.ok((await kept(lobby)).cache.some((kept) => kept.includes(text)), `${text} is kept`));
}

/** What the browser keeps: what waits, what is cached, and all of it with what lies in local storage as one text. */
export async function kept(lobby) {
  return lobby.page.evaluate(async () => {
    const answer = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const database = await answer(indexedDB.open("parley"));
    const of = (name) => answer(database.transaction(name).objectStore(name).getAll());
    const [outbox, cache] = [await of("outbox"), await of("cache")];
    database.close();
    return { outbox, cache, all: JSON.stringify([outbox, cache, { ...localStorage }]).replaceAll("\\", "") };
  });
}
