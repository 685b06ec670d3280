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
  close(): void;
}

export async function startNetwork({ server }: Pick<Database, "server">): Promise<Network> {
  if (server.port === null)
    throw new Error("A network can be slowed down only in front of a server on this machine. Unset DATABASE_URL.");
  // As built: beside the command, not beside this file.
  const script = fileURLToPath(new URL("network-process.js", import.meta.url));
  const child = fork(script, [String(server.port), String(ROUND_TRIP_MS / 2)], { execArgv: [] });
  const ended = once(child, "exit").then(() => {
    throw new Error("The process of the network ended.");
  });
  ended.catch(() => {});
  const [port] = await Promise.race([once(child, "message"), ended]);
  return { port: Number(port), close: () => child.disconnect() };
}

/** How long a query takes that costs the server next to nothing, in milliseconds. */
export async function roundTripMs(pool: Pool): Promise<number> {
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
