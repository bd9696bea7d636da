// A server that is newer than the page: what it says that the page does not know must not harm. It does not know the real server.

import assert from "node:assert/strict";
import { limits } from "./support/limits.js";
import { eventually } from "./support/lobby.js";
import { scene } from "./support/scene.js";

const CONVERSATION = "0".repeat(31) + "1";
const ME = { id: "a".repeat(32) };
const MEI = { id: "b".repeat(32), name: "Mei" };

scene("unknown events, contents and fields do no harm", async ({ visit }) => {
  const server = new NewerServer();
  const ana = await visit({ before: (page) => server.replace(page) });
  server.tell({ type: "comet_sighted", brightness: -4 });
  server.tell({ type: "presence_changed" });
  server.tellRaw("this is not JSON");
  server.tellRaw("[1, 2, 3]");
  server.tellMessage({ type: "hologram", voxels: [1, 2, 3] });
  server.tellMessage({ type: "text", text: "an ordinary one", mood: "sunny" });

  await eventually(async () => assert.equal((await ana.texts()).at(-1), "an ordinary one"));
  const [unknown] = await ana.messages();
  assert.match(unknown.text, /can’t show this message/);
  assert.equal(unknown.author, "Mei");
  assert.equal(await ana.banner.count(), 0);
  await ana.say("and an answer");
  await eventually(async () => assert.equal((await ana.messages()).at(-1).state, "sent"));
  assert.equal((await ana.texts()).at(-1), "and an answer");
});

scene("what fell into a gap is asked for and put in its place", async ({ visit }) => {
  const server = new NewerServer();
  const ana = await visit({ before: (page) => server.replace(page) });
  server.tellMessage({ type: "text", text: "one" });
  await ana.shows("one");
  // Two is stored and never told.
  server.store({ type: "text", text: "two" });
  server.tellMessage({ type: "text", text: "three" });
  await ana.shows("one", "two", "three");
  assert.deepEqual(server.asked.filter((command) => command.type === "changes").map((command) => command.since), [1]);
});

scene("a server that speaks another version asks for a reload", async ({ visit }) => {
  const server = new NewerServer();
  server.supports = limits.PROTOCOL_VERSION + 1;
  const ana = await visit({ before: (page) => server.replace(page), wait: false });
  await ana.banner.waitFor();
  assert.match(await ana.banner.innerText(), /Reload to keep chatting/);
  server.supports = limits.PROTOCOL_VERSION;
  await ana.banner.getByRole("button", { name: "Reload" }).click();
  await ana.entered();
  assert.equal(await ana.banner.count(), 0);
});

/** Answers in the server's place, as far as the page asks, and says what it is told to besides. */
class NewerServer {
  #socket;
  #messages = [];
  /** Every command that was heard. */
  asked = [];
  supports = limits.PROTOCOL_VERSION;

  async replace(page) {
    await page.routeWebSocket("**/ws", (socket) => {
      this.#socket = socket;
      socket.onMessage((text) => this.#hear(JSON.parse(text)));
      this.tell({
        type: "welcome",
        protocol: this.supports,
        server: "99.0.0",
        motd: "a field of tomorrow",
        me: ME,
        conversations: [
          { id: CONVERSATION, kind: "lobby", last: this.#messages.length, active_ms: 0, read: 0, unread: 0, topic: "tomorrow" },
        ],
        more: false,
        left: [],
        stamp: 1,
        people: [MEI],
        presence: { online: 2, people: [ME, MEI] },
        requests: 0,
        remarks: false,
      });
    });
  }

  tell(event) {
    this.tellRaw(JSON.stringify(event));
  }

  tellRaw(text) {
    this.#socket.send(text);
  }

  /** Stores a message of Mei's without telling of it. */
  store(body, author = MEI, id = String(this.#messages.length + 1).padStart(32, "c")) {
    const seq = this.#messages.length + 1;
    const message = { id, conversation: CONVERSATION, author: author.id, seq, changed: seq, sent_ms: Date.now(), body };
    this.#messages.push(message);
    return message;
  }

  /** Stores a message of Mei's and tells of it. */
  tellMessage(body) {
    this.tell({ type: "message_changed", message: this.store(body), author: MEI });
  }

  #hear(command) {
    this.asked.push(command);
    const { conversation, since } = command;
    const page = { conversation, people: [ME, MEI], through: this.#messages.length, more: false };
    if (command.type === "hello" && command.protocol !== this.supports) {
      const reason = { code: "unsupported_protocol", supported: this.supports };
      this.tell({ type: "refused", command: "hello", reason, message: "this page is too old" });
    }
    if (command.type === "history") this.tell({ type: "history", messages: this.#messages, ...page });
    if (command.type === "changes") {
      this.tell({ type: "changes", since, messages: this.#messages.slice(since), ...page });
    }
    if (command.type === "send") {
      const message = this.store(command.body, ME, command.id);
      this.tell({ type: "message_changed", message, author: ME });
      this.tell({ type: "accepted", id: message.id, conversation, seq: message.seq, sent_ms: message.sent_ms });
    }
    if (command.type === "ping") this.tell({ type: "pong" });
  }
}
