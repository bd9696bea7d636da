// A test with a server, a browser and people in it; it fails when a page complained. It does not know what people do.

import assert from "node:assert/strict";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { launch } from "./browser.js";
import { Lobby } from "./lobby.js";
import { Server } from "./server.js";
import { Writer } from "./writer.js";

const SCENE_MS_MAX = 180_000;
/** How long one step of a person may take on a machine that does other things too. */
const STEP_MS_MAX = 20_000;
/**
 * What pages may say once their server was taken down. Which of it they say hangs on what they ask for just then: the
 * parts of the page that come later are fetched a while after it is drawn.
 */
const NO_SERVER = /^WebSocket connection to '[^']+' failed|net::ERR_|Failed to fetch|network error|the stylesheet did not come/;

let browser;
after(() => browser?.close());

/**
 * A test. `act` gets the scene: `server`, `visit(options)` for a person with a window of their own, and `write(name)`
 * for one without. `options.server` are words for the server's command line.
 */
export function scene(name, options, act) {
  if (typeof options === "function") [options, act] = [{}, options];
  test(name, { timeout: options.timeout ?? SCENE_MS_MAX }, async (context) => {
    const scene = new Scene(context);
    try {
      await scene.open(options.server ?? []);
      await act(scene);
      scene.complain();
    } catch (error) {
      await scene.show();
      throw error;
    } finally {
      await scene.close();
    }
  });
}

class Scene {
  #context;
  #people = [];
  #writers = [];
  #complaints = [];
  #expected = [];
  /** The server. */
  server;

  constructor(context) {
    this.#context = context;
    // A test takes what it needs: `async ({ visit, write }) => ...`.
    for (const act of ["visit", "window", "write", "expect", "report"]) this[act] = this[act].bind(this);
  }

  async open(words) {
    browser ??= await launch();
    this.server = await Server.start(...words);
  }

  /**
   * Opens the page in a browser of its own: another guest. `options` are those of a browser context; `before` may
   * prepare the page before it is loaded, and with `wait: false` nobody waits for the conversation.
   */
  async visit({ before, wait = true, ...options } = {}) {
    const person = await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 800 }, ...options });
    person.setDefaultTimeout(STEP_MS_MAX);
    this.#people.push(person);
    await person.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) => {
        console.error(`forbidden by the policy: ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    return this.window(person, { before, wait });
  }

  /** One more window of a person who has one already. */
  async window(person, { before, wait = true } = {}) {
    const page = await person.newPage();
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.#complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.#complaints.push(String(error.stack ?? error)));
    page.on("crash", () => this.#complaints.push("the page crashed"));
    await before?.(page);
    const lobby = new Lobby(page);
    await page.goto(this.server.url, { waitUntil: wait ? "load" : "commit" });
    if (wait) await lobby.entered();
    return lobby;
  }

  /** A guest without a browser. With `suits`, guests come and go until one is as wished. */
  async write(name, suits = () => true) {
    for (;;) {
      const writer = await Writer.enter(this.server);
      this.#writers.push(writer);
      if (suits(writer.me)) {
        await writer.rename(name);
        return writer;
      }
      writer.leave();
    }
  }

  /** Lets pages say things on the console that match, because the test provokes them. */
  expect(pattern) {
    this.#expected.push(pattern);
  }

  /** Says something in the test's report. */
  report(line) {
    this.#context.diagnostic(line);
  }

  /** Fails when a page said something that nobody expected. */
  complain() {
    const expected = this.server.wasDown ? [NO_SERVER, ...this.#expected] : this.#expected;
    const unexpected = this.#complaints.filter((said) => !expected.some((pattern) => pattern.test(said)));
    assert.deepEqual(unexpected, [], "a page complained");
  }

  /** Keeps what can be seen after a failure. */
  async show() {
    this.report(`the pages said: ${JSON.stringify(this.#complaints, null, 1)}`);
    this.report(`the server said:\n${this.server?.log.slice(-20).join("\n")}`);
    const dir = await mkdtemp(join(tmpdir(), "parley-e2e-failure-"));
    for (const [index, page] of this.#people.flatMap((person) => person.pages()).entries()) {
      const path = join(dir, `window-${index + 1}.png`);
      await page.screenshot({ path, timeout: 5_000 }).then(
        () => this.report(`seen when it failed: ${path}`),
        (error) => this.report(`a window could not be shown: ${error.message}`),
      );
    }
  }

  async close() {
    for (const writer of this.#writers) writer.leave();
    await Promise.all(this.#people.map((person) => person.close()));
    await this.server?.remove();
  }
}
