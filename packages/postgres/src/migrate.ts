import { assertNotNewer } from "@x/entitlements-core/adapter";
import { ConfigurationError, isStorageError } from "@x/entitlements-core/errors";
import { isDuplicate } from "./driver-errors.ts";
import { migrationTable, numbered } from "./migrations/index.ts";
import { BEGIN } from "./own-transaction.ts";
import { KNOWN, schemaVersion } from "./schema.ts";
import type { Session } from "./session.ts";
import { literal } from "./sql/literal.ts";
import { type Names, quoteName } from "./sql/names.ts";

/** How often what somebody else makes at the same moment is looked for again. */
const TRIES = 20;

/**
 * Runs the numbered migrations that are missing, in one transaction under the lock of one row, so that of several that start
 * at once one makes the tables and the others find them.
 */
export async function runMigrations<Tx>(session: Session<Tx>, names: Names): Promise<void> {
  if ((await schemaVersion(session, names)) === 0) await makeLockable(session, names);
  const lock = `insert into ${names.migration} (version, name, applied_at) values (0, 'lock', clock_timestamp())
    on conflict (version) do update set applied_at = excluded.applied_at`;
  await session.run([BEGIN, lock]);
  try {
    const version = await schemaVersion(session, names);
    assertNotNewer(version, KNOWN);
    await assertNotTaken(session, names, version);
    const missing = numbered(names)
      .slice(version)
      .flatMap(({ statements }) => statements);
    await session.run([...missing, "commit"]);
  } catch (error) {
    await session.run(["rollback"]).catch(() => {});
    throw error;
  }
}

/** The schema and the table whose row is the lock. Two that make one at the same moment may both find nothing and then collide. */
async function makeLockable<Tx>(session: Session<Tx>, names: Names): Promise<void> {
  const [schema] = await session.rows(
    `select (to_regnamespace(${literal(quoteName(names.schema))}) is not null)::text as found`,
  );
  // Asked first: `if not exists` wants the right to make schemas even where nothing is to be made.
  if (schema?.["found"] !== "true") await makeOnce(session, `create schema if not exists ${quoteName(names.schema)}`);
  await makeOnce(session, migrationTable(names));
}

async function makeOnce<Tx>(session: Session<Tx>, statement: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await session.run([BEGIN, statement, "commit"]);
      return;
    } catch (error) {
      await session.run(["rollback"]).catch(() => {});
      if (tries === TRIES || !isStorageError(error) || !isDuplicate(error.cause)) throw error;
    }
  }
}

/** Tables of our names that are not ours would be used as if they were, or make the migration fail half-way through. */
async function assertNotTaken<Tx>(session: Session<Tx>, { schema, prefix }: Names, version: number): Promise<void> {
  for (const name of MADE_BY.slice(version).flat()) {
    const table = `${quoteName(schema)}.${quoteName(`${prefix}${name}`)}`;
    const [taken] = await session.rows(`select (to_regclass(${literal(table)}) is not null)::text as found`);
    if (taken?.["found"] !== "true") continue;
    throw new ConfigurationError(
      `The database has a table ${table} already, which migrate() did not make. Choose another place for ours: postgresAdapter(…, { schema: "billing" }) or { tablePrefix: "billing_" }.`,
    );
  }
}

/** The tables that each migration makes, in their order. */
const MADE_BY = [
  ["org_entitlement", "org_limit_change"],
  ["org_reservation", "org_idempotency"],
];
