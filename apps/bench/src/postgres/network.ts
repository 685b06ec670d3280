import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Pool } from "pg";
import { quartiles } from "../statistics.ts";
import type { Database } from "./database.ts";

/** Between an application and a managed database nearby. */
export const ROUND_TRIP_MS = 1.3;

/** A slower way to the server of a database. */
export interface Network {
  readonly port: number;
  /** What it adds to a round trip, as measured. */
  readonly roundTripMs: number;
  close(): void;
}

export async function startNetwork({ server, pool }: Pick<Database, "server" | "pool">): Promise<Network> {
  if (server.port === null)
    throw new Error("A network can be slowed down only in front of a server on this machine. Unset DATABASE_URL.");
  // As built: beside the command, not beside this file.
  const script = fileURLToPath(new URL("network-process.js", import.meta.url));
  const child = fork(script, [String(server.port)], { execArgv: [] });
  const ended = once(child, "exit").then(() => {
    throw new Error("The process of the network ended.");
  });
  ended.catch(() => {});
  const said = async (): Promise<unknown> => (await Promise.race([once(child, "message"), ended]))[0];
  const port = Number(await said());
  const setDelay = async (ms: number): Promise<void> => {
    child.send(ms);
    await said();
  };
  const near = await roundTripMs(pool({ max: 1 }));
  const through = pool({ max: 1, port });
  // A process that sleeps comes late, by how much depends on the machine: the delay is what makes up the rest.
  let delayMs = ROUND_TRIP_MS / 2;
  for (let attempt = 0; attempt < 4; attempt++) {
    await setDelay(delayMs);
    delayMs = Math.max(0, delayMs + (near + ROUND_TRIP_MS - (await roundTripMs(through))) / 2);
  }
  await setDelay(delayMs);
  return { port, roundTripMs: (await roundTripMs(through)) - near, close: () => child.disconnect() };
}

/** How long a query takes that costs the server next to nothing, in milliseconds. */
async function roundTripMs(pool: Pool): Promise<number> {
  const client = await pool.connect();
  const took: number[] = [];
  for (let index = 0; index < 50; index++) {
    const began = performance.now();
    await client.query("select");
    took.push(performance.now() - began);
  }
  client.release();
  return quartiles(took).median;
}
