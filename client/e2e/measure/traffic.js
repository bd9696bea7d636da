// What a page receives, told by the browser itself: frames of the WebSocket and answers over HTTP. It does not know what they say.

/** How long nothing must come before it counts as all, in milliseconds. */
const QUIET_MS = 500;

/** Counts the bytes that a page receives. */
export class Traffic {
  #frames = 0;
  #answers = 0;
  #requests = 0;
  #newest = 0;
  /** Requests that are not WebSockets, by the browser's id for them. */
  #under_way = new Set();

  /** Begins to count for a page, before or after it is loaded. */
  static async of(page) {
    const traffic = new Traffic();
    const network = await page.context().newCDPSession(page);
    network.on("Network.webSocketFrameReceived", ({ response }) => {
      const isText = response.opcode === 1;
      traffic.#frames += isText ? Buffer.byteLength(response.payloadData) : (response.payloadData.length * 3) / 4;
      traffic.#newest = Date.now();
    });
    network.on("Network.requestWillBeSent", ({ requestId }) => {
      traffic.#requests += 1;
      traffic.#under_way.add(requestId);
      traffic.#newest = Date.now();
    });
    network.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      traffic.#answers += encodedDataLength;
      traffic.#settle(requestId);
    });
    network.on("Network.loadingFailed", ({ requestId }) => traffic.#settle(requestId));
    await network.send("Network.enable");
    return traffic;
  }

  /** Forgets what was counted. */
  restart() {
    this.#frames = this.#answers = this.#requests = 0;
    this.#newest = Date.now();
  }

  /** What came since `restart`, once nothing more comes: bytes of frames, bytes of answers with their headers, requests. */
  async settled() {
    while (this.#under_way.size > 0 || Date.now() - this.#newest < QUIET_MS) {
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS / 10));
    }
    return { frames: this.#frames, answers: this.#answers, requests: this.#requests };
  }

  #settle(requestId) {
    this.#under_way.delete(requestId);
    this.#newest = Date.now();
  }
}
