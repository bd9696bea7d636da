// Finds the system's Chromium and starts it without a window. It does not know any page.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const NAMES = [process.env.CHROMIUM, "chromium", "/usr/bin/chromium"];
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the browser that the environment variable CHROMIUM names, else the system's. */
export function launch() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const places = NAMES.filter(Boolean).flatMap((name) =>
    name.includes("/") ? [name] : folders.map((folder) => join(folder, name)),
  );
  const executablePath = places.find(isProgram);
  if (!executablePath) throw new Error("there is no Chromium; name one in CHROMIUM");
  return chromium.launch({ executablePath, args: FLAGS });
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
