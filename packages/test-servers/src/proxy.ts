import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { createLane, type Lane } from "./lane.ts";

/** Whether bytes go to the server (`up`) or come from it (`down`). */
export type Direction = "up" | "down";

/**
 * Sees each piece that arrives and says what becomes of it: `cut` destroys its connection, before the piece is passed; bytes are
 * passed in its place.
 */
export type DataHook = (direction: Direction, bytes: Buffer) => "pass" | "drop" | "cut" | Buffer;

/** How a proxy begins. */
export interface ProxyOptions {
  /** What each piece is delayed by, one way, in milliseconds; 0 unless given. */
  readonly delayMs?: number;
}

/**
 * The network between a client and a server on 127.0.0.1. It keeps the order and delays without throttling: as many
 * bytes as come are under way at once, so they are held in memory.
 */
export interface Proxy {
  readonly port: number;
  /** The same connection string, through the proxy. */
  url(url: string): string;
  /** One way, in milliseconds; a round trip takes twice as long. Fractions below a millisecond cost processor time. */
  setDelay(delayMs: number): void;
  /** Destroys every connection, and resets each new one at once. */
  cut(): void;
  /** Swallows every byte and every goodbye from here on, and keeps the connections open. */
  stall(): void;
  /** Ends `cut` or `stall`. What was swallowed stays lost: a connection that lost something is reset. */
  heal(): void;
  /** Asks this hook about each piece, or nobody if none is given. */
  onData(hook?: DataHook): void;
  /** Destroys every connection and stops listening. */
  close(): Promise<void>;
}

interface Pair {
  lossy: boolean;
  destroy(): void;
}

/** Starts a proxy in front of a port of 127.0.0.1. */
export async function startProxy(targetPort: number, { delayMs = 0 }: ProxyOptions = {}): Promise<Proxy> {
  let state: "open" | "cut" | "stalled" = "open";
  let delay = delayMs;
  let hook: DataHook | undefined;
  const pairs = new Set<Pair>();

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    if (state === "cut") {
      client.on("error", () => {}).resetAndDestroy();
      return;
    }
    const upstream = connect({ port: targetPort, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    const lanes: Lane[] = [];
    const pair: Pair = {
      lossy: false,
      destroy() {
        pairs.delete(pair);
        for (const lane of lanes) lane.close();
        for (const socket of [client, upstream]) if (!socket.destroyed) socket.resetAndDestroy();
      },
    };
    pairs.add(pair);
    const join = (from: Socket, to: Socket, direction: Direction): void => {
      const lane = createLane(to, () => delay);
      lanes.push(lane);
      from.on("data", (bytes: Buffer) => {
        const verdict = state === "stalled" ? "drop" : (hook?.(direction, bytes) ?? "pass");
        if (verdict === "pass") lane.send(bytes);
        if (typeof verdict === "object") lane.send(verdict);
        if (verdict === "drop") pair.lossy = true;
        if (verdict === "cut") pair.destroy();
      });
      from.on("end", () => {
        if (state === "stalled") pair.lossy = true;
        else lane.end();
      });
      // Resets come as errors; the other side is told, unless the network is dead.
      from.on("error", () => {});
      from.on("close", (failed) => {
        if (state === "stalled") pair.lossy = true;
        else if (failed) pair.destroy();
        if (to.closed) pairs.delete(pair);
      });
    };
    join(client, upstream, "up");
    join(upstream, client, "down");
  });

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
  const { port } = address;
  const destroyAll = (): void => {
    for (const pair of [...pairs]) pair.destroy();
  };

  return {
    port,
    url(url) {
      const through = new URL(url);
      through.hostname = "127.0.0.1";
      through.port = String(port);
      return through.href;
    },
    setDelay(ms) {
      delay = ms;
    },
    cut() {
      state = "cut";
      destroyAll();
    },
    stall() {
      state = "stalled";
    },
    heal() {
      state = "open";
      for (const pair of [...pairs]) if (pair.lossy) pair.destroy();
    },
    onData(next) {
      hook = next;
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      destroyAll();
      await closed;
    },
  };
}
