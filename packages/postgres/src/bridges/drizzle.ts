import { ConfigurationError } from "@x/entitlements-core/errors";
import type { PostgresBridge } from "../bridge.ts";
import { onPg } from "./drizzle-pg.ts";
import { onPostgresJs } from "./drizzle-postgres-js.ts";
import type { Drizzle, DrizzleTransaction } from "./drizzle-transaction.ts";
import { isPgPool } from "./pg-client.ts";
import { isPostgresJs } from "./postgres-js-instance.ts";

/**
 * A Drizzle instance on a pool of `pg` (`drizzle-orm/node-postgres`) or on postgres.js (`drizzle-orm/postgres-js`). Functions
 * get Drizzle's own transaction as `tx`, as `db.transaction` hands it on.
 */
export function fromDrizzle<Tx extends DrizzleTransaction>(db: Drizzle<Tx, unknown>): PostgresBridge<Tx> {
  if (isOn(db, isPgPool)) return onPg(db);
  if (isOn(db, isPostgresJs)) return onPostgresJs(db);
  throw new ConfigurationError(
    "fromDrizzle wants an instance of Drizzle on a Pool of pg or on postgres.js: fromDrizzle(drizzle(new Pool({ connectionString }))).",
  );
}

function isOn<Tx, Client>(
  db: Drizzle<Tx, unknown>,
  isClient: (client: unknown) => client is Client,
): db is Drizzle<Tx, Client> {
  return typeof db?.transaction === "function" && isClient(db.$client);
}
