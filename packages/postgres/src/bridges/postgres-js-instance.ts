import type { PostgresJsOptions, Unsafe } from "./postgres-js-answers.ts";
import type { BegunSql } from "./postgres-js-begun.ts";

/** What is used of an instance of postgres.js. */
export interface PostgresJs<Tx> extends Unsafe {
  readonly options: PostgresJsOptions;
  begin(options: string, work: (tx: Tx) => Promise<never>): Promise<unknown>;
}

/** Whether it is an instance of postgres.js. */
export function isPostgresJs(sql: unknown): sql is PostgresJs<BegunSql> {
  return typeof sql === "function" && "begin" in sql && "unsafe" in sql && "options" in sql;
}
