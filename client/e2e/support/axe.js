// The rules of WCAG as axe checks them. It does not know what a screen reader makes of the page.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Fails when axe finds something that it is sure of. */
export async function inspect(lobby, where) {
  // What is still moving has no colour yet that could be judged. Meanwhile something else may have begun to move.
  await lobby.page.evaluate(async () => {
    const ends = (animation) => animation.effect.getComputedTiming().endTime !== Infinity;
    const moving = () => document.getAnimations().filter((one) => one.playState === "running" && ends(one));
    for (let all = moving(); all.length > 0; all = moving()) {
      await Promise.all(all.map((animation) => animation.finished.catch(() => {})));
    }
  });
  await lobby.page.evaluate(axe);
  const violations = await lobby.page.evaluate(async (values) => {
    const found = await window.axe.run(document, { runOnly: { type: "tag", values } });
    return found.violations.map(({ id, nodes }) => ({
      rule: id,
      nodes: nodes.map((node) => `${node.target.join(" ")}: ${node.failureSummary}`),
    }));
  }, TAGS);
  assert.deepEqual(violations, [], where);
}
