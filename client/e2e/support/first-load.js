// What a page loads until one can write, as compressed as it travels. It does not know how much that may be.

import assert from "node:assert/strict";
import { limits } from "./limits.js";
import { eventually } from "./lobby.js";

/** Bytes of everything that is loaded until one can write. */
export const FIRST_LOAD_BYTES_MAX = 260 * 1024;

/**
 * What comes by itself some time after the messages can be read: what proves them, what is done about them, and what parts
 * share. On a slow machine it is there already when one looks. It counts all the same if it did not wait for its time.
 */
const LATER = /\/(?:(?:proof|talk|chunk_\d+)-[0-9a-f]+\.wasm|later-styles-[0-9a-f]+\.css)$/;

/** Notes what a page loads. */
export class FirstLoad {
  #page;
  #loads = new Map();
  /** When each was asked for, and when the page was connected, in seconds. */
  #askedAt = new Map();
  #connectedAt;

  /** Begins to note, before the page is loaded. */
  static async of(page) {
    const first = new FirstLoad();
    first.#page = page;
    const network = await page.context().newCDPSession(page);
    await network.send("Network.enable");
    network.on("Network.requestWillBeSent", ({ requestId, timestamp }) => first.#askedAt.set(requestId, timestamp));
    network.on("Network.webSocketHandshakeResponseReceived", ({ timestamp }) => (first.#connectedAt ??= timestamp));
    network.on("Network.responseReceived", ({ requestId, response }) => {
      const headers = new Map(Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]));
      const [length, encoding] = [Number(headers.get("content-length")), headers.get("content-encoding")];
      const askedAt = first.#askedAt.get(requestId);
      first.#loads.set(requestId, { path: new URL(response.url).pathname, askedAt, length, encoding });
    });
    network.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      if (first.#loads.has(requestId)) first.#loads.get(requestId).onTheWire = encodedDataLength;
    });
    return first;
  }

  /** All of it, once nothing more comes: the files, their bytes together, and those with their headers. */
  async whole() {
    await this.#page.waitForLoadState("networkidle");
    const files = await eventually(async () => {
      const files = [...this.#loads.values()].filter((load) => load.path !== "/ws" && !this.#isLater(load));
      assert.ok(files.every((load) => load.onTheWire > 0 && load.length > 0));
      return files;
    });
    const sum = (bytes) => files.reduce((sum, load) => sum + bytes(load), 0);
    return { files, bodies: sum((load) => load.length), onTheWire: sum((load) => load.onTheWire) };
  }

  #isLater({ path, askedAt }) {
    return LATER.test(path) && askedAt >= this.#connectedAt + limits.PROOF_AFTER_MS / 1000;
  }
}
