// One `parley` process with a data directory of its own: started, stopped, killed, started again. It knows no browser.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const PROGRAM =
  process.env.PARLEY_BIN || fileURLToPath(new URL("../../../target/release/parley", import.meta.url));
const READY = /^Parley is ready at (http:\/\/localhost:(\d+))$/;
const START_MS_MAX = 60_000;

/** A server under test. */
export class Server {
  #dir;
  #options;
  #process;
  /** Whether it was ever taken down: pages that were open could not reach it for a while. */
  wasDown = false;
  /** The last lines of its log, for when a test fails. */
  log = [];
  /** Where the page is, such as `http://localhost:40123`. The same after a restart. */
  url;
  /** The port, the same after a restart. */
  port = 0;

  /** Starts a server on a free port. `options` are further words for its command line. */
  static async start(...options) {
    const server = new Server();
    server.#dir = await mkdtemp(join(tmpdir(), "parley-e2e-"));
    server.#options = options;
    await server.start();
    return server;
  }

  /** Starts a server on a free port, over data that is there. */
  static async over(dir, ...options) {
    const server = new Server();
    server.#dir = dir;
    server.#options = options;
    await server.start();
    return server;
  }

  /** Starts it (again), on the same port and the same data. */
  async start() {
    const words = ["serve", "--listen", `127.0.0.1:${this.port}`, "--data-dir", this.#dir, ...this.#options];
    const started = spawn(PROGRAM, words, { stdio: ["ignore", "pipe", "pipe"] });
    this.#process = started;
    createInterface({ input: started.stderr }).on("line", (line) => {
      this.log = [...this.log.slice(-99), line];
    });
    const ready = new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error("the server did not get ready")), START_MS_MAX);
      const settle = (act, value) => (clearTimeout(late), act(value));
      createInterface({ input: started.stdout }).on("line", (line) => {
        const said = READY.exec(line);
        if (said) settle(resolve, said);
      });
      started.once("error", (error) => settle(reject, error));
      started.once("exit", (code) => settle(reject, new Error(`the server ended with ${code}: ${this.log.join("\n")}`)));
    });
    const [, url, port] = await ready;
    this.url = url;
    this.port = Number(port);
  }

  /** Takes it down without a warning, as a power cut does. */
  async kill() {
    await this.#end("SIGKILL");
  }

  /** Asks it to stop, and waits until it has. Its exit code comes back. */
  async stop() {
    return this.#end("SIGTERM");
  }

  /** Changes what it stored past it, as someone does who has its disk. */
  async alter(sql) {
    const script = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.executescript(sys.argv[2]); db.commit(); db.close()";
    const altering = spawn("python3", ["-c", script, join(this.#dir, "parley.sqlite"), sql], { stdio: "inherit" });
    const [code] = await once(altering, "exit");
    if (code !== 0) throw new Error(`the data could not be altered: ${code}`);
  }

  /** Takes it down and removes what it stored. */
  async remove() {
    await this.kill();
    await rm(this.#dir, { recursive: true, force: true });
  }

  async #end(signal) {
    const ending = this.#process;
    this.wasDown = true;
    if (ending.exitCode === null && ending.signalCode === null) {
      const ended = once(ending, "exit");
      ending.kill(signal);
      await ended;
    }
    return ending.exitCode;
  }
}
