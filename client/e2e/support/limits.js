// The numbers of `shared/src/limits.rs`, read from there so that they cannot drift apart. It does not know who enforces them.

import { readFileSync } from "node:fs";

const source = readFileSync(new URL("../../../shared/src/limits.rs", import.meta.url), "utf8");

/** Every limit by its name. Reading one that does not exist throws. */
export const limits = new Proxy(read(source), {
  get(all, name) {
    if (!(name in all)) throw new Error(`there is no limit ${String(name)}`);
    return all[name];
  },
});

function read(rust) {
  const all = {};
  for (const [, name, value] of rust.matchAll(/^pub const ([A-Z_]+): \w+ = ([^;]+);/gm)) {
    const factors = value.replaceAll("_", "").split("*").map(Number);
    const product = factors.reduce((product, factor) => product * factor, 1);
    // Arithmetic other than products is not needed by any test.
    if (Number.isSafeInteger(product)) all[name] = product;
  }
  return all;
}
