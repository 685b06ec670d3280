import { figure } from "../table.ts";
import type { Sent } from "./watched-bridge.ts";

/** Adds up how long each statement took, to tell what an operation is made of. */
export function shares(): {
  tell(sent: Sent): void;
  /** What was told since the last time, and forgets it. `ms` is the time that everything took. */
  told(all?: { readonly times: number; readonly ms: number }): string;
} {
  let spent = new Map<string, number>();
  return {
    tell({ sql, ms }) {
      spent.set(sql, (spent.get(sql) ?? 0) + ms);
    },
    told({ times, ms } = { times: 1, ms: 0 }) {
      const each = (all: number): string => `${figure((all * 1_000) / times)} µs`;
      const parts = [...spent].map(([sql, all]) => `${shortened(sql)} ${each(all)}`);
      const rest = ms - [...spent.values()].reduce((sum, all) => sum + all, 0);
      spent = new Map();
      return `${[...parts, `the INSERT and all that is not SQL ${each(rest)}`].join("; ")}; together ${each(ms)}.`;
    },
  };
}

/** Enough of a statement to know it by. */
export function shortened(sql: string): string {
  const words = sql.replaceAll(/\s+/g, " ").trim();
  return words.length > 32 ? `${words.slice(0, 31)}…` : words;
}
