import type { SqliteValue } from "../bridge.ts";
import { TOKENS } from "../sql/where.ts";
import { createKept } from "./kept.ts";

/** A statement for drivers that bind by position only, and which value each `?` stands for. */
export interface Positional {
  readonly sql: string;
  values(params: Readonly<Record<string, SqliteValue>>): SqliteValue[];
}

const kept = createKept((named: string): Positional => {
  const names: string[] = [];
  const sql = named.replace(TOKENS, (token) => {
    if (!token.startsWith(":")) return token;
    names.push(token.slice(1));
    return "?";
  });
  return { sql, values: (params) => names.map((name) => params[name] ?? null) };
});

/** Puts `?` in the place of every `:name`. */
export function positional(sql: string): Positional {
  return kept.of(sql);
}
