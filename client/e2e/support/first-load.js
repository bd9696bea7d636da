// What a page loads until one can write, as compressed as it travels. It does not know how much that may be.

import assert from "node:assert/strict";
import { eventually } from "./lobby.js";

/** Bytes of everything that is loaded until one can write. */
export const FIRST_LOAD_BYTES_MAX = 260 * 1024;

/** What proves the messages comes some time after they can be read. */
const PROOF = /\/proof-[0-9a-f]+\.wasm$/;

/** Notes what a page loads. */
export class FirstLoad {
  #page;
  #loads = new Map();

  /** Begins to note, before the page is loaded. */
  static async of(page) {
    const first = new FirstLoad();
    first.#page = page;
    const network = await page.context().newCDPSession(page);
    await network.send("Network.enable");
    network.on("Network.responseReceived", ({ requestId, response }) => {
      const headers = new Map(Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]));
      const [length, encoding] = [Number(headers.get("content-length")), headers.get("content-encoding")];
      first.#loads.set(requestId, { path: new URL(response.url).pathname, length, encoding });
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
      const files = [...this.#loads.values()].filter(({ path }) => path !== "/ws" && !PROOF.test(path));
      assert.ok(files.every((load) => load.onTheWire > 0 && load.length > 0));
      return files;
    });
    const sum = (bytes) => files.reduce((sum, load) => sum + bytes(load), 0);
    return { files, bodies: sum((load) => load.length), onTheWire: sum((load) => load.onTheWire) };
  }
}
