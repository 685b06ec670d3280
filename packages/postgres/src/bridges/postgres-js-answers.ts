import { ConfigurationError } from "@x/entitlements-core/errors";
import type { Answer, PostgresRow } from "../bridge.ts";
import { returnsRows } from "./returns-rows.ts";

/** What postgres.js answers one statement with. */
interface PostgresJsResult extends ReadonlyArray<PostgresRow> {
  readonly command: string | null;
  readonly columns?: unknown;
}

/** What is used of the options of a postgres.js instance: how it renames columns, if it does. */
export interface PostgresJsOptions {
  readonly transform: { readonly column: { readonly from?: ((name: string) => string) | undefined } };
}

/** Whatever runs statements: an instance of postgres.js, or a transaction. */
export interface Unsafe {
  unsafe(query: string, parameters?: [], options?: object): PromiseLike<PostgresJsResult | readonly PostgresJsResult[]>;
}

/** Runs statements in one message. */
export async function runOn(
  sql: Unsafe,
  statements: readonly string[],
  options: PostgresJsOptions,
  queryOptions: object = {},
): Promise<readonly Answer[]> {
  try {
    return answersOf(statements, await sql.unsafe(statements.join(";\n"), [], queryOptions), options);
  } catch (error) {
    throw wasEnded(error);
  }
}

/** A `ConfigurationError` where the host has ended the instance. */
export function wasEnded(cause: unknown): unknown {
  if (Reflect.get(Object(cause), "code") !== "CONNECTION_ENDED") return cause;
  return new ConfigurationError("The instance of postgres.js has been ended. Give the adapter one that is open.", {
    cause,
  });
}

/**
 * The answers to several statements. postgres.js begins a new result where rows are announced, and writes a command tag into
 * the one that it is at: statements without rows leave nothing but the tag of the last one.
 */
function answersOf(
  statements: readonly string[],
  results: PostgresJsResult | readonly PostgresJsResult[],
  { transform }: PostgresJsOptions,
): readonly Answer[] {
  const list = isOne(results) ? [results] : results;
  const withRows = list.filter(({ columns }) => columns !== undefined && columns !== null);
  const rename = transform?.column?.from;
  const answers = statements.map((statement, index): Answer => {
    const rows = returnsRows(statement) ? withRows.shift() : undefined;
    const command = index === statements.length - 1 ? (list.at(-1)?.command ?? null) : null;
    return { rows: (rows ?? []).map((row) => (rename ? named(row, rename) : row)), command };
  });
  if (withRows.length > 0) throw new Error("postgres.js returned rows for a statement that has none.");
  return answers;
}

function isOne(results: PostgresJsResult | readonly PostgresJsResult[]): results is PostgresJsResult {
  return "command" in results;
}

/** A row whose columns the host has renamed (`transform: postgres.camel`), by the names that were asked for. */
function named(row: PostgresRow, rename: (name: string) => string): PostgresRow {
  return new Proxy(row, { get: (found, name) => Reflect.get(found, typeof name === "string" ? rename(name) : name) });
}
