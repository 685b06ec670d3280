import type { SqliteRow } from "../bridge.ts";

/** What a driver found, as rows. */
export function rowsOf(found: readonly unknown[]): readonly SqliteRow[] {
  return found.filter(isRow);
}

function isRow(row: unknown): row is SqliteRow {
  return typeof row === "object" && row !== null;
}
