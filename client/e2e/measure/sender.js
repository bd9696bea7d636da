// A guest in a process of their own who writes numbered messages at a rate, whatever becomes of them. It does not know who reads.
//
// Named are the server's address, the number of the first message, how many there are, and how many a second; zero is as
// fast as they are taken. The texts are those of `numbered.js`. It ends when all of them are on disk, and says in which
// milliseconds they were written.

import { numbered } from "./numbered.js";
import { Writer } from "../support/writer.js";

/** Milliseconds between two looks at how much is due. */
const TURN_MS = 4;
/** Messages that wait for their answer where there is no rate. */
const AT_ONCE_MAX = 500;

const [url, first, count, rate] = [process.argv[2], ...process.argv.slice(3).map(Number)];
const writer = await Writer.enter({ url });
const began = performance.now();
let answers = [];
for (let sent = 0; sent < count; ) {
  const due = rate ? Math.floor(((performance.now() - began) / 1_000) * rate) : sent + AT_ONCE_MAX;
  for (; sent < Math.min(count, due); sent += 1) answers.push(writer.write(numbered(first + sent)));
  if (rate) await new Promise((resolve) => setTimeout(resolve, TURN_MS));
  else answers = void (await Promise.all(answers)) ?? [];
}
const wroteMs = performance.now() - began;
await Promise.all(answers);
console.log(JSON.stringify({ wroteMs }));
writer.leave();
