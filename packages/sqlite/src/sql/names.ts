import type { TableName } from "@x/entitlements-core";
import { ConfigurationError } from "@x/entitlements-core/errors";

/** Our tables. */
export interface Names {
  readonly entitlement: string;
  readonly reservation: string;
  readonly idempotency: string;
  readonly migration: string;
  /** What a fresh name in the database starts with. */
  readonly prefix: string;
}

/** The names of our tables, quoted. Throws a `ConfigurationError` on a prefix that is no plain lower-case name. */
export function tableNames(prefix: string): Names {
  if (!/^([a-z_][a-z0-9_]{0,39})?$/.test(prefix) || /^(sqlite|libsql)_/.test(prefix)) {
    throw new ConfigurationError(
      `tablePrefix must be a lower-case name such as "billing_" that SQLite does not keep for itself, not ${JSON.stringify(prefix)}.`,
    );
  }
  return {
    entitlement: quoteName(`${prefix}org_entitlement`),
    reservation: quoteName(`${prefix}org_reservation`),
    idempotency: quoteName(`${prefix}org_idempotency`),
    migration: quoteName(`${prefix}entitlements_migration`),
    prefix,
  };
}

/** An identifier as SQL takes it literally. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A table's name in two parts; without a schema SQLite looks through all. */
export function tableOf(table: TableName): { readonly schema: string | null; readonly name: string } {
  return typeof table === "string" ? { schema: null, name: table } : table;
}

export function quoteTable(table: TableName): string {
  const { schema, name } = tableOf(table);
  return schema === null ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`;
}
