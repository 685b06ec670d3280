import { dirname } from "node:path";
import { sqliteAdapter } from "@x/entitlements-sqlite";
import { fromKysely, queuedDialect } from "@x/entitlements-sqlite/kysely";
import { Kysely, SqliteDialect, sql } from "kysely";
import Libsql from "libsql";
import { StartError } from "../start-error.ts";
import type { Database, DatabaseSource } from "./database.ts";
import { makeFolder } from "./folder.ts";
import { damaged, explainSqlite } from "./sqlite-error.ts";
import { type Connection, createTables, type Tables } from "./tables.ts";

/** An SQLite file. It and its folder are made if missing. */
export function sqliteFile(file: string): DatabaseSource {
  return { name: file, open: () => open(file), explain: (error) => explainSqlite(error, file) };
}

async function open(file: string): Promise<Database> {
  makeFolder(dirname(file));
  const adapter = sqliteAdapter(fromKysely(() => new Kysely<Tables>({ dialect: connect(file) })));
  // The writes of better-auth stand in one line with the entitlements' own.
  const connection = new Kysely<Tables>({ dialect: queuedDialect(connect(file), adapter) });
  const close: Database["close"] = async () => {
    await adapter.close();
    await connection.destroy();
  };
  try {
    await assertSound(connection, file);
    await adapter.transaction((tx) => createTables(tx, "sqlite"));
  } catch (error) {
    await close();
    throw error;
  }
  return { type: "sqlite", connection, adapter, transaction: (work) => adapter.transaction(work), close };
}

function connect(file: string): SqliteDialect {
  const database = new Libsql(file);
  database.exec("pragma foreign_keys = on");
  return new SqliteDialect({ database });
}

// The file is small, so damage is better found now than by somebody's request.
async function assertSound(connection: Connection, file: string): Promise<void> {
  const { rows } = await sql<{ quick_check: string }>`pragma quick_check(1)`.execute(connection);
  if (rows[0]?.quick_check !== "ok") throw new StartError(damaged(file));
}
