import { startProxy } from "@x/entitlements-test-servers";
import type { Pool } from "pg";
import type { Database } from "./database.ts";

/** What one round trip brought back: the tag of each statement, such as `INSERT 0 1`, or `error` with its SQLSTATE. */
type Trip = readonly string[];

/** One connection whose conversation with the server is listened to. */
export interface Wire {
  /** Of one connection, so that what is heard has one order. */
  readonly pool: Pool;
  /** The round trips that `work` takes on it. */
  trips(work: () => Promise<unknown>): Promise<readonly Trip[]>;
  close(): Promise<void>;
}

/** Long enough that what is sent in one go arrives before its first answer, on a slow machine as well. */
const DELAY_MS = 5;

/**
 * A round trip begins where the client speaks after the server has: what it sends without waiting for the answer belongs
 * to the same. The proxy's delay makes that a matter of order alone.
 */
export async function listenedTo({ server, pool }: Pick<Database, "server" | "pool">): Promise<Wire> {
  if (server.port === null) throw new Error("Only a server on this machine can be listened to. Unset DATABASE_URL.");
  const proxy = await startProxy(server.port, { delayMs: DELAY_MS });
  const one = pool({ port: proxy.port, max: 1 });
  // Connecting speaks otherwise.
  await one.query("select");
  let trips: string[][] = [];
  let waits = false;
  let rest: Buffer = Buffer.alloc(0);
  proxy.onData((direction, bytes) => {
    if (direction === "up") {
      if (!waits) trips.push([]);
      waits = true;
      return "pass";
    }
    waits = false;
    const { tags, left } = tagsIn(Buffer.concat([rest, bytes]));
    rest = left;
    trips.at(-1)?.push(...tags);
    return "pass";
  });
  return {
    pool: one,
    async trips(work) {
      trips = [];
      await work();
      return trips;
    },
    close: () => proxy.close(),
  };
}

/** @see https://www.postgresql.org/docs/current/protocol-message-formats.html */
function tagsIn(bytes: Buffer): { readonly tags: readonly string[]; readonly left: Buffer } {
  const tags: string[] = [];
  let left = bytes;
  while (left.length >= 5) {
    const size = 1 + left.readInt32BE(1);
    if (left.length < size) break;
    const type = left.toString("latin1", 0, 1);
    const fields = left.toString("utf8", 5, size - 1).split("\0");
    if (type === "C") tags.push(fields[0] ?? "");
    if (type === "E") tags.push(`error ${fields.find((field) => field.startsWith("C"))?.slice(1)}`);
    left = left.subarray(size);
  }
  return { tags, left };
}
