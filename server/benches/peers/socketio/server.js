// The tutorial's chat on its own stack: everyone has a random id, every message goes to everyone, nothing is stored.
// It does not know that it is measured. Settings are the defaults, but for the transport: a WebSocket from the start.

import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http, { transports: ["websocket"] });

io.on("connection", (socket) => {
  const user = randomBytes(16).toString("hex");
  socket.on("message", ({ text }) => io.emit("message", { user, text }));
});

http.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => {
  console.log(`socket.io is ready at http://localhost:${http.address().port}`);
});
