import type { TableName } from "@x/entitlements-core";

/** A name as SQL, case kept, in PostgreSQL and SQLite alike. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function quoteTable(table: TableName): string {
  return typeof table === "string" ? quoteName(table) : `${quoteName(table.schema)}.${quoteName(table.name)}`;
}

/** A column, named with its table: SQLite takes a lone quoted name that does not exist for a text. */
export function quoteColumn(table: TableName, column: string): string {
  return `${quoteName(typeof table === "string" ? table : table.name)}.${quoteName(column)}`;
}
