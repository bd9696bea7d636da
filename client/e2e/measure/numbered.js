// Messages that say their number, of lengths as people write, and a process that writes them. It does not know who reads.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const SENDER = fileURLToPath(new URL("sender.js", import.meta.url));

/** The text of the message of this number. */
export function numbered(number) {
  const words = "and some more of what was said ".repeat(number % 7 === 0 ? (number % 5) + 3 : number % 3).trim();
  return `${number} ${words}`.trim();
}

/** Has another process write messages of these numbers. `done` is fulfilled with how fast it was when all are on disk. */
export function send(server, first, count, rate = 0) {
  const sender = spawn(process.execPath, [SENDER, server.url, String(first), String(count), String(rate)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const done = (async () => {
    let said = "";
    sender.stdout.on("data", (data) => (said += data));
    const [code] = await once(sender, "close");
    if (code !== 0) throw new Error(`the sender ended with ${code}`);
    const { wroteMs } = JSON.parse(said);
    return { perSecond: (count / wroteMs) * 1_000 };
  })();
  // Whoever waits for it hears of it; nobody may wait yet.
  done.catch(() => {});
  return { done, stop: () => sender.kill() };
}
