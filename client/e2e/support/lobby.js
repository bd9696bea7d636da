// The page as a person sees and uses it. It does not know what should be on it.

import assert from "node:assert/strict";

/** How long after the server is back everything must be as if nothing had been. */
export const MENDED_MS_MAX = 45_000;
const EVENTUALLY_MS_MAX = 20_000;
const LOOK_AGAIN_MS = 50;

/** Tries until it holds what is asserted; fails with the last failure when it never does. */
export async function eventually(holds, within = EVENTUALLY_MS_MAX) {
  const end = Date.now() + within;
  for (;;) {
    try {
      return await holds();
    } catch (failure) {
      if (Date.now() > end) throw failure;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

/** One window. */
export class Lobby {
  constructor(page) {
    this.page = page;
    /** The parts of the page by their `data-testid`. */
    this.part = (id) => page.getByTestId(id);
    this.composer = this.part("composer");
    this.log = this.part("log");
    this.banner = this.part("link-banner");
  }

  /** Waits until the page is connected and the newest messages are there. */
  async entered() {
    await this.part("app").waitFor();
    await eventually(async () => {
      assert.equal(await this.log.getAttribute("aria-busy"), "false", "the messages are there");
      assert.match(await this.part("people-count").innerText(), /\d/, "it says how many people are there");
    });
  }

  /** Writes a message as a person does. */
  async say(text) {
    await this.composer.fill(text);
    await this.composer.press("Enter");
  }

  /** Every message on the page, from the oldest: its text, state, author, and whether it is one's own. */
  async messages() {
    return this.log.evaluate((log) => {
      const text = (row, part) => row.querySelector(`[data-testid=message-${part}]`)?.innerText;
      return [...log.querySelectorAll("[data-testid=message]")].map((row) => ({
        id: row.dataset.id,
        state: row.dataset.state,
        mine: row.dataset.mine === "true",
        text: text(row, "text"),
        author: text(row, "author"),
      }));
    });
  }

  /** The texts of all messages, from the oldest. */
  async texts() {
    return (await this.messages()).map((message) => message.text);
  }

  /** Waits until exactly these texts are there, each of them sent. */
  async shows(...texts) {
    await eventually(async () => {
      const messages = await this.messages();
      assert.deepEqual(messages.map((message) => message.text), texts);
      assert.ok(messages.every((message) => message.state === "sent"), "all are sent");
    });
  }

  /** The row of the message with this text. */
  row(text) {
    return this.part("message").filter({ has: this.page.getByText(text, { exact: true }) });
  }

  /** Opens the drawer with the sidebar, where the page is narrow. */
  async openDrawer() {
    for (const button of ["list-button", "people-button"]) {
      if (await this.part(button).isVisible()) return this.part(button).click();
    }
  }

  /** The texts of the entries of the list of conversations, from top to bottom. */
  async entries() {
    return this.part("conversation").allInnerTexts();
  }

  /** The entry of the conversation of this name. */
  entry(name) {
    return this.part("conversation").filter({ has: this.page.locator(".entry__title", { hasText: name }) });
  }

  /** Opens the settings, by way of the drawer where the page is narrow. */
  async openSettings() {
    await this.openDrawer();
    await this.part("settings-button").click();
    await this.part("name-input").waitFor();
  }

  /** Closes the topmost dialog. */
  async escape() {
    await this.page.keyboard.press("Escape");
  }

  /** Takes another name. */
  async rename(name) {
    await this.part("name-button").click();
    await this.part("name-input").fill(name);
    await this.part("name-save").click();
    await this.part("name-input").waitFor({ state: "hidden" });
  }

  /** How many people the page says are there. */
  async online() {
    return Number(/\d+/.exec(await this.part("people-count").innerText())?.[0]);
  }

  /** Pixels between what is seen and the end of the log. */
  async fromEnd() {
    return this.log.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight);
  }
}
