import { ConfigurationError } from "@x/entitlements-core/errors";
import type { TableName } from "@x/entitlements-core";

/** Our tables. */
export interface Names {
  readonly entitlement: string;
  readonly migration: string;
  /** What a fresh name in the database starts with. */
  readonly prefix: string;
}

/** The names of our tables, quoted. Throws a `ConfigurationError` on a prefix that is no plain lower-case name. */
export function tableNames(prefix: string): Names {
  if (!/^([a-z_][a-z0-9_]{0,39})?$/.test(prefix)) {
    throw new ConfigurationError(`tablePrefix must be a lower-case name such as "billing_", not ${JSON.stringify(prefix)}.`);
  }
  return { entitlement: quoteName(`${prefix}org_entitlement`), migration: quoteName(`${prefix}entitlements_migration`), prefix };
}

/** An identifier as SQL takes it literally. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function quoteTable(table: TableName): string {
  return typeof table === "string" ? quoteName(table) : `${quoteName(table.schema)}.${quoteName(table.name)}`;
}
