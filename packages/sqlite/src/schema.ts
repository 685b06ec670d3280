import { ConfigurationError } from "@x/entitlements-core/errors";
import { numbered, SCHEMA_VERSION } from "./migrations/index.ts";
import { integer, type Session } from "./session.ts";
import { type Names, tableOf } from "./sql/names.ts";
import type { RowsTarget } from "./sql/rows.ts";

/** The version of our tables in the database; 0 where there are none. */
export async function schemaVersion<Tx>(session: Session<Tx>, { migration, prefix }: Names): Promise<number> {
  const [table] = await session.all("select 1 from sqlite_schema where type = 'table' and name = :name", {
    name: `${prefix}entitlements_migration`,
  });
  if (table === undefined) return 0;
  const [row] = await session.all(`select coalesce(max(version), 0) as version from ${migration}`);
  return integer(row?.["version"]);
}

/** Throws a `ConfigurationError` on a database that a newer version of this package has migrated: its rules are unknown here. */
function assertNotNewer(version: number): void {
  if (version <= SCHEMA_VERSION) return;
  throw new ConfigurationError(
    `The database's entitlements tables are at version ${version}, made by a newer @x/entitlements-sqlite; this one knows up to ${SCHEMA_VERSION}. Update the package in this process.`,
  );
}

/** Throws a `ConfigurationError` where our tables are not those this version works with. */
export function assertCurrent(version: number): void {
  assertNotNewer(version);
  if (version === SCHEMA_VERSION) return;
  throw new ConfigurationError(
    version === 0
      ? "The entitlements tables do not exist yet. Run `await entitlements.migrate()` once at start."
      : `The entitlements tables are at version ${version}, this package wants ${SCHEMA_VERSION}. Run \`await entitlements.migrate()\` once at start.`,
  );
}

/** Runs the numbered migrations that are missing, inside the open write transaction. */
export async function runMigrations<Tx>(session: Session<Tx>, names: Names): Promise<void> {
  const version = await schemaVersion(session, names);
  assertNotNewer(version);
  for (const { statements } of numbered(names).slice(version)) {
    for (const statement of statements) await session.exec(statement);
  }
}

/** What is missing of the host's table and column, in words; null where both are there. SQLite compares names without case. */
export async function missingPart<Tx>(
  session: Session<Tx>,
  { resourceType, resource }: RowsTarget,
): Promise<string | null> {
  const { table, orgColumn } = resource;
  const { schema, name } = tableOf(table);
  const schemas = await session.all("select name from pragma_database_list where lower(name) = lower(:schema)", {
    schema,
  });
  const known = schema === null || schemas.length > 0;
  const found = known ? await session.all("select name from pragma_table_xinfo(:name, :schema)", { name, schema }) : [];
  const shown = schema === null ? `"${name}"` : `"${schema}"."${name}"`;
  if (found.length === 0)
    return `${resourceType} counts the rows of table ${shown}, which does not exist. Create it first, or mend \`table\`.`;
  if (found.some((column) => String(column["name"]).toLowerCase() === orgColumn.toLowerCase())) return null;
  return `${resourceType} finds the organisation in column "${orgColumn}" of table ${shown}, which does not exist. Mend \`orgColumn\`.`;
}
