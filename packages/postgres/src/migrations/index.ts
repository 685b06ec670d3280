import { literal } from "../sql/literal.ts";
import { type Names, type NamesOptions, tableNames } from "../sql/names.ts";
import { orgEntitlement } from "./0001-org-entitlement.ts";
import { holdsAndReplays } from "./0002-holds-and-replays.ts";

/** Every step from an empty database to the tables this version works with, in order. */
const steps = [orgEntitlement, holdsAndReplays];

/** The schema this version works with. */
export const SCHEMA_VERSION: number = steps.length;

/** A numbered migration as plain SQL. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly statements: readonly string[];
}

/**
 * The numbered SQL that `migrate()` runs, for those who run it with a tool of their own: each in one transaction. The schema
 * must exist. Throws a `ConfigurationError` on a schema or prefix that is no plain name.
 */
export function migrations(options: NamesOptions = {}): readonly Migration[] {
  return numbered(tableNames(options));
}

/** The table that says which steps were made. */
export function migrationTable({ migration }: Names): string {
  return `create table if not exists ${migration} (version integer primary key, name text not null, applied_at timestamptz not null)`;
}

/** The steps, each with the record that it was made. */
export function numbered(names: Names): readonly Migration[] {
  return steps.map(({ version, name, statements }) => ({
    version,
    name,
    statements: [
      migrationTable(names),
      ...statements(names),
      `insert into ${names.migration} (version, name, applied_at) values (${version}, ${literal(name)}, clock_timestamp())`,
    ],
  }));
}
