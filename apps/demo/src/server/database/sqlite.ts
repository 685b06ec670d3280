import { dirname } from "node:path";
import { sqliteAdapter } from "@x/entitlements-sqlite";
import { fromKysely } from "@x/entitlements-sqlite/kysely";
import { Kysely, SqliteDialect, sql } from "kysely";
import Libsql from "libsql";
import { StartError } from "../start-error.ts";
import type { Database, DatabaseSource } from "./database.ts";
import { makeFolder } from "./folder.ts";
import { damaged, explainSqlite } from "./sqlite-error.ts";
import { type Connection, createTables, type Tables } from "./tables.ts";

// How long the start waits for another demo that is starting on the same file.
const BUSY_TIMEOUT_MS = 5_000;

/** An SQLite file. It and its folder are made if missing. */
export function sqliteFile(file: string): DatabaseSource {
  return { name: file, open: () => open(file), explain: (error) => explainSqlite(error, file) };
}

async function open(file: string): Promise<Database> {
  makeFolder(dirname(file));
  const connection = connect(file);
  const transaction: Database["transaction"] = (work) => inTransaction(connection, work);
  try {
    await assertSound(connection, file);
    await transaction((tx) => createTables(tx, "strict"));
  } catch (error) {
    await connection.destroy();
    throw error;
  }
  const adapter = sqliteAdapter(fromKysely(() => connect(file)));
  return {
    connection,
    adapter,
    transaction,
    async close() {
      await adapter.close();
      await connection.destroy();
    },
  };
}

function connect(file: string): Connection {
  const database = new Libsql(file, { timeout: BUSY_TIMEOUT_MS });
  database.exec("pragma foreign_keys = on");
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
}

/** Kysely's own transactions begin deferred: two that read first and then write could not both go on. */
function inTransaction<T>(connection: Connection, work: (tx: Connection) => Promise<T>): Promise<T> {
  return connection.connection().execute(async (tx) => {
    await sql`begin immediate`.execute(tx);
    try {
      const result = await work(tx);
      await sql`commit`.execute(tx);
      return result;
    } catch (error) {
      // SQLite has rolled back by itself where the disk is full, for example; the error that is thrown says more.
      await sql`rollback`.execute(tx).catch(() => {});
      throw error;
    }
  });
}

// The file is small, so damage is better found now than by somebody's request.
async function assertSound(connection: Connection, file: string): Promise<void> {
  const { rows } = await sql<{ quick_check: string }>`pragma quick_check(1)`.execute(connection);
  if (rows[0]?.quick_check !== "ok") throw new StartError(damaged(file));
}
