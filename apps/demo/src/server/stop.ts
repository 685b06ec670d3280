import type { Server } from "node:http";
import type { Socket } from "node:net";

/** How long requests under way may take to finish. */
const GRACE_MS = 10_000;

/**
 * Makes the function that stops a server: it takes no new requests, lets those under way finish, and hangs up on everybody
 * else. Node's own `closeIdleConnections` forgets connections that have never sent a request, which browsers keep ready.
 */
export function createStop(server: Server): () => Promise<void> {
  const idle = new Set<Socket>();
  let stopping = false;

  server.on("connection", (socket) => {
    idle.add(socket);
    socket.once("close", () => idle.delete(socket));
  });
  server.on("request", ({ socket }, response) => {
    idle.delete(socket);
    response.once("close", () => {
      if (stopping) socket.destroySoon();
      else if (!socket.destroyed) idle.add(socket);
    });
  });

  return () =>
    new Promise((resolve) => {
      stopping = true;
      const grace = setTimeout(() => server.closeAllConnections(), GRACE_MS);
      server.close(() => {
        clearTimeout(grace);
        resolve();
      });
      for (const socket of idle) socket.destroySoon();
    });
}
