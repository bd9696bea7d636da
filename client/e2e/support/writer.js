// A guest without a browser, who speaks the protocol over a WebSocket. It does not know the page.

import { randomBytes } from "node:crypto";
import WebSocket from "ws";

/** A guest who writes. */
export class Writer {
  #socket;
  /** Writes that the server has not answered yet, by message id. */
  #waiting = new Map();
  /** What to do with an event, by its type. */
  #awaited = new Map();
  /** Who the server says this is. */
  me;
  /** The id of the conversation. */
  conversation;

  /** Enters the Lobby of a server. */
  static async enter(server) {
    const writer = new Writer();
    writer.#socket = new WebSocket(`${server.url.replace("http", "ws")}/ws`);
    writer.#socket.on("message", (data) => writer.#hear(JSON.parse(data)));
    writer.#socket.on("error", () => {});
    const welcome = await writer.#next("welcome");
    writer.me = welcome.me;
    writer.conversation = welcome.conversations[0].id;
    return writer;
  }

  /** Takes a name; fulfilled when everyone was told. */
  async rename(name) {
    this.#say({ type: "rename", name });
    const { people } = await this.#next("people_changed");
    this.me = people.find((person) => person.id === this.me.id) ?? this.me;
  }

  /** Writes a message; fulfilled with its place when it is on disk. Messages written at once keep their order. */
  write(text) {
    return this.writeBody({ type: "text", text });
  }

  /** Writes a message with any content. */
  writeBody(body) {
    const id = mintId();
    const answered = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#say({ type: "send", id, conversation: this.conversation, body });
    return answered;
  }

  /** Says that the guest types. */
  type() {
    this.#say({ type: "typing", conversation: this.conversation });
  }

  /** Leaves. */
  leave() {
    this.#socket.close();
  }

  #say(command) {
    this.#socket.send(JSON.stringify(command));
  }

  #next(type) {
    return new Promise((resolve, reject) => {
      this.#awaited.set(type, resolve);
      this.#socket.once("close", () => reject(new Error(`the connection ended before ${type}`)));
    });
  }

  #hear(event) {
    this.#awaited.get(event.type)?.(event);
    this.#awaited.delete(event.type);
    const waiting = this.#waiting.get(event.id);
    if (event.type === "accepted") waiting?.resolve(event.seq);
    if (event.type === "refused") waiting?.reject(new Error(event.message));
    if (waiting) this.#waiting.delete(event.id);
  }
}

/** A message's id: 48 bits of time, then randomness (UUIDv7, RFC 9562), as 32 hex digits. */
function mintId() {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString("hex");
}
