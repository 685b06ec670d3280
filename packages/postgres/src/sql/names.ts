import type { TableName } from "@x/entitlements-core";
import { ConfigurationError } from "@x/entitlements-core/errors";

/** Where our tables are. */
export interface NamesOptions {
  /** The schema of our tables, made by `migrate()` where it does not exist. `public` when left out. */
  readonly schema?: string | undefined;
  /** What our tables' names start with, a lower-case name such as `billing_`. Empty when left out. */
  readonly tablePrefix?: string | undefined;
}

/** Our tables, quoted, each with its schema, so that no `search_path` leads elsewhere. */
export interface Names {
  readonly entitlement: string;
  readonly limitChange: string;
  readonly reservation: string;
  readonly idempotency: string;
  readonly migration: string;
  readonly schema: string;
  /** What a fresh name in the schema starts with. */
  readonly prefix: string;
}

// PostgreSQL cuts names off after 63 bytes; the longest of ours takes 30.
const PREFIX = /^([a-z_][a-z0-9_]{0,31})?$/;

/** The names of our tables. Throws a `ConfigurationError` on a schema or prefix that is no plain name. */
export function tableNames({ schema = "public", tablePrefix = "" }: NamesOptions): Names {
  if (typeof tablePrefix !== "string" || !PREFIX.test(tablePrefix))
    throw new ConfigurationError(
      `tablePrefix must be a lower-case name of at most 32 letters such as "billing_", not ${JSON.stringify(tablePrefix)}.`,
    );
  if (typeof schema !== "string" || schema === "" || schema.includes("\0") || Buffer.byteLength(schema) > 63)
    throw new ConfigurationError(
      `schema must be the name of a schema such as "billing", not ${JSON.stringify(schema)}.`,
    );
  const ours = (name: string): string => quoteTable({ schema, name: `${tablePrefix}${name}` });
  return {
    entitlement: ours("org_entitlement"),
    limitChange: ours("org_limit_change"),
    reservation: ours("org_reservation"),
    idempotency: ours("org_idempotency"),
    migration: ours("entitlements_migration"),
    schema,
    prefix: tablePrefix,
  };
}

/** An identifier as SQL takes it literally. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Without a schema the caller's `search_path` finds it. */
export function quoteTable(table: TableName): string {
  return typeof table === "string" ? quoteName(table) : `${quoteName(table.schema)}.${quoteName(table.name)}`;
}
