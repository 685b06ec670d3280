import { postgresAdapter } from "@x/entitlements-postgres";
import { fromKysely } from "@x/entitlements-postgres/kysely";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import type { Log } from "../log.ts";
import { explained, messageOf, StartError } from "../start-error.ts";
import type { Database, DatabaseSource } from "./database.ts";
import { explainConnect, explainPostgres, onlyRead, type PostgresPlace } from "./postgres-error.ts";
import { type Connection, createTables, type Tables } from "./tables.ts";

/** How long a connection may take, also when the whole pool is in use. */
const CONNECT_TIMEOUT_MS = 10_000;

/** A database of a PostgreSQL server. Throws a `StartError` where the URL cannot be read. */
export function postgresDatabase(url: string, log: Log): DatabaseSource {
  const place = placeOf(url);
  return { name: place.name, open: () => open(url, place, log), explain: (error) => explainPostgres(error, place) };
}

async function open(connectionString: string, place: PostgresPlace, log: Log): Promise<Database> {
  const pool = new pg.Pool({
    connectionString,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: "entitlements-demo",
  });
  // A connection that is lost while nobody uses it; the pool makes another one. Unheard it would end the process.
  pool.on("error", (error) => log("error", "database.connection_lost", { error: error.message }));
  // One that is lost while it is used: whatever runs on it fails, and is told by that.
  pool.on("connect", (client) => client.on("error", () => {}));
  const connection = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const transaction: Database["transaction"] = (work) =>
    connection.transaction().setIsolationLevel("read committed").execute(work);
  try {
    const found = await explained(
      () => look(connection),
      (error) => explainConnect(error, place),
    );
    if (found.readOnly) throw new StartError(onlyRead(place));
    if (!found.hasTables) await transaction(createOnce);
  } catch (error) {
    await connection.destroy();
    throw error;
  }
  const adapter = postgresAdapter(fromKysely<Connection>(connection));
  return {
    type: "postgres",
    connection,
    adapter,
    transaction,
    async close() {
      await adapter.close();
      await connection.destroy();
    },
  };
}

/** Looks first, because `create table if not exists` wants the right to make tables even where they are there. */
async function look(connection: Connection): Promise<{ readonly readOnly: boolean; readonly hasTables: boolean }> {
  const { rows } = await sql<{ read_only: boolean; has_tables: boolean }>`select
    current_setting('transaction_read_only') = 'on' as read_only,
    num_nulls(to_regclass('organization'), to_regclass('"rateLimit"'),
      to_regclass('api_key'), to_regclass('race_run'), to_regclass('demo_setting')) = 0 as has_tables`.execute(
    connection,
  );
  return { readOnly: rows[0]?.read_only ?? false, hasTables: rows[0]?.has_tables ?? false };
}

/** Two demos that make the same table at once would collide, `if not exists` or not. */
async function createOnce(tx: Connection): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('entitlements-demo'))`.execute(tx);
  await createTables(tx, "postgres");
}

/** Where the driver would connect to, with what the URL leaves out. */
function placeOf(connectionString: string): PostgresPlace {
  try {
    const { user = "", host, port, database = user } = new pg.Client({ connectionString });
    const address = `${host.includes(":") ? `[${host}]` : host}:${port}`;
    return { user, host, port, database, name: `postgres://${user === "" ? "" : `${user}@`}${address}/${database}` };
  } catch (error) {
    throw new StartError(
      `DATABASE_URL cannot be read (${messageOf(error)}). It wants the form postgres://user:password@localhost:5432/demo; special characters in the password must be percent-encoded.`,
      { cause: error },
    );
  }
}
