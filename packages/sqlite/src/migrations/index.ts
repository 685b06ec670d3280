import { tableNames } from "../sql/names.ts";
import { orgEntitlement } from "./0001-org-entitlement.ts";

/** Every step from an empty database to the tables this version works with, in order. */
export const steps = [orgEntitlement];

/** The schema this version works with. */
export const SCHEMA_VERSION: number = steps.length;

/** A numbered migration as plain SQL. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly statements: readonly string[];
}

/** The numbered SQL that `migrate()` runs, for those who run it with a tool of their own. */
export function migrations(options: { readonly tablePrefix?: string } = {}): readonly Migration[] {
  const names = tableNames(options.tablePrefix ?? "");
  return steps.map(({ version, name, statements }) => ({ version, name, statements: statements(names) }));
}
