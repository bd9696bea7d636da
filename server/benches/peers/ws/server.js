// The tutorial's chat on ws: everyone has a random id, every message goes to everyone, nothing is stored.
// It does not know that it is measured. Settings are the defaults.

import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

const http = createServer();
const chat = new WebSocketServer({ server: http });

chat.on("connection", (socket) => {
  const user = randomBytes(16).toString("hex");
  socket.send(JSON.stringify({ user }));
  socket.on("message", (said) => {
    const told = JSON.stringify({ user, text: JSON.parse(said).text });
    for (const other of chat.clients) other.send(told);
  });
});

http.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => {
  console.log(`ws is ready at http://localhost:${http.address().port}`);
});
