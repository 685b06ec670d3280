import { assertNotNewer, type KnownSchema } from "@x/entitlements-core/adapter";
import { ConfigurationError } from "@x/entitlements-core/errors";
import { numbered, SCHEMA_VERSION } from "./migrations/index.ts";
import { integer, type Session } from "./session.ts";
import type { Names } from "./sql/names.ts";

/** What this version of the package works with. */
export const KNOWN: KnownSchema = { packageName: "@x/entitlements-sqlite", version: SCHEMA_VERSION };

/** The version of our tables in the database; 0 where there are none. */
export async function schemaVersion<Tx>(session: Session<Tx>, { migration, prefix }: Names): Promise<number> {
  const [table] = await session.all("select 1 from sqlite_schema where type = 'table' and name = :name", {
    name: `${prefix}entitlements_migration`,
  });
  if (table === undefined) return 0;
  const [row] = await session.all(`select coalesce(max(version), 0) as version from ${migration}`);
  return integer(row?.["version"]);
}

/** Runs the numbered migrations that are missing, inside the open write transaction. */
export async function runMigrations<Tx>(session: Session<Tx>, names: Names): Promise<void> {
  const version = await schemaVersion(session, names);
  assertNotNewer(version, KNOWN);
  await assertNotTaken(session, names, version);
  for (const { statements } of numbered(names).slice(version)) {
    for (const statement of statements) await session.exec(statement);
  }
}

/** Tables of our names that are not ours would be used as if they were, or make the migration fail half-way through. */
async function assertNotTaken<Tx>(session: Session<Tx>, { prefix }: Names, version: number): Promise<void> {
  const wanted = MADE_BY.slice(version).flat();
  for (const name of wanted) {
    const [taken] = await session.all("select name from sqlite_schema where lower(name) = :name", {
      name: `${prefix}${name}`,
    });
    if (taken === undefined) continue;
    throw new ConfigurationError(
      `The database has a table ${JSON.stringify(taken["name"])} already, which migrate() did not make. Choose another name for ours: sqliteAdapter(…, { tablePrefix: "billing_" }).`,
    );
  }
}

/** The tables that each migration makes, in their order. */
const MADE_BY = [["org_entitlement"], ["org_reservation", "org_idempotency"]];
