import { byCallers, turnsOf } from "../callers.ts";
import type { Candidate } from "../sandwich.ts";
import { type Database, settledRows } from "./database.ts";

/** More than the pool has connections, as it is in a web server that is worth measuring. */
export const CALLERS = 20;

/**
 * Candidates that write one row each for the organisations in turn. `rows`: how many of those that are asked for are to be
 * written.
 */
export async function writersOf(database: Pick<Database, "host">) {
  const settle = await settledRows(database.host);
  return (
    name: string,
    orgIds: readonly string[],
    work: (orgId: string) => Promise<void>,
    rows: "all" | "none" = "all",
  ): Candidate => {
    const orgOf = turnsOf(orgIds);
    return {
      name,
      run: (times) => byCallers(CALLERS, times, (index) => work(orgOf(index))),
      settle: (times) => settle(rows === "all" ? times : 0),
    };
  };
}
