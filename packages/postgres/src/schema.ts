import type { KnownSchema } from "@x/entitlements-core/adapter";
import { SCHEMA_VERSION } from "./migrations/index.ts";
import type { Session } from "./session.ts";
import { literal } from "./sql/literal.ts";
import type { Names } from "./sql/names.ts";
import { unreadable } from "./sql/values.ts";

/** What this version of the package works with. */
export const KNOWN: KnownSchema = { packageName: "@x/entitlements-postgres", version: SCHEMA_VERSION };

/** The version of our tables in the database; 0 where there are none. */
export async function schemaVersion<Tx>(session: Session<Tx>, { migration }: Names): Promise<number> {
  const [table] = await session.rows(`select (to_regclass(${literal(migration)}) is not null)::text as found`);
  if (table?.["found"] === undefined) throw unreadable();
  if (table["found"] !== "true") return 0;
  const [row] = await session.rows(`select coalesce(max(version), 0)::text as version from ${migration}`);
  return Number(row?.["version"]);
}
