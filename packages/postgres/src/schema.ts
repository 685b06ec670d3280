import { ConfigurationError } from "@x/entitlements-core/errors";
import { SCHEMA_VERSION } from "./migrations/index.ts";
import type { Session } from "./session.ts";
import { literal } from "./sql/literal.ts";
import type { Names } from "./sql/names.ts";

/** The version of our tables in the database; 0 where there are none. */
export async function schemaVersion<Tx>(session: Session<Tx>, { migration }: Names): Promise<number> {
  const [table] = await session.rows(`select (to_regclass(${literal(migration)}) is not null)::text as found`);
  if (table?.["found"] !== "true") return 0;
  const [row] = await session.rows(`select coalesce(max(version), 0)::text as version from ${migration}`);
  return Number(row?.["version"]);
}

/** Throws a `ConfigurationError` on a database that a newer version of this package has migrated: its rules are unknown here. */
export function assertNotNewer(version: number): void {
  if (version <= SCHEMA_VERSION) return;
  throw new ConfigurationError(
    `The database's entitlements tables are at version ${version}, made by a newer @x/entitlements-postgres; this one knows up to ${SCHEMA_VERSION}. Update the package in this process.`,
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
