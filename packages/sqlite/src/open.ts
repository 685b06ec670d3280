import { ConfigurationError, isConfigurationError, StorageError } from "@x/entitlements-core/errors";
import type { SqliteBridge, SqliteConnection } from "./bridge.ts";
import { messageOf, sqliteCode } from "./driver-errors.ts";
import { createSession, type Session, text } from "./session.ts";

/** Every connection that any adapter of this process has opened. */
const opened = new WeakSet<object>();

/** Opens a connection of the adapter's own on a file in WAL mode. Throws what the driver throws. */
export async function openSession<Tx extends object>(bridge: SqliteBridge<Tx>): Promise<Session<Tx>> {
  const connection = await connect(bridge);
  if (opened.has(connection.tx)) {
    throw new ConfigurationError(
      "The factory returned the same connection twice. It must open a new one on each call: () => new Database(file).",
    );
  }
  opened.add(connection.tx);
  try {
    await prepare(connection);
  } catch (error) {
    await connection.close();
    throw error;
  }
  return createSession(connection);
}

async function connect<Tx>(bridge: SqliteBridge<Tx>): Promise<SqliteConnection<Tx>> {
  try {
    return await bridge.open();
  } catch (error) {
    if (sqliteCode(error) !== null || isConfigurationError(error)) throw error;
    throw new StorageError(
      `The factory could not open the database (${messageOf(error)}). Check the path, that its folder exists, and its permissions.`,
      { outcome: "rolled-back", cause: error },
    );
  }
}

/** The file of a connection's main database as SQLite names it; empty for one in memory. */
export async function databaseFile<Tx>({ all }: Pick<SqliteConnection<Tx>, "all">): Promise<string> {
  const [main] = await all("select file from pragma_database_list where name = 'main'");
  return text(main?.["file"]) ?? "";
}

/** The file that the factory opens. Asks nothing of the file itself, so that it never waits for whoever holds its lock. */
export async function fileOf<Tx>(bridge: SqliteBridge<Tx>): Promise<string> {
  const connection = await connect(bridge);
  try {
    return await databaseFile(connection);
  } finally {
    await connection.close();
  }
}

async function prepare<Tx>(connection: SqliteConnection<Tx>): Promise<void> {
  // The driver's own waiting would block the event loop; see busy.ts.
  await connection.exec("pragma busy_timeout = 0");
  if ((await databaseFile(connection)) === "") {
    throw new ConfigurationError(
      "An in-memory database cannot be shared by the connections of the adapter. Give the factory a file, or use memoryAdapter() in tests.",
    );
  }
  const [row] = await connection.all("pragma journal_mode = wal");
  if (row?.["journal_mode"] === "wal") return;
  throw new ConfigurationError(
    `SQLite refused WAL mode for this file (journal_mode is ${JSON.stringify(row?.["journal_mode"])}). Put it on a local disk, not on a network file system.`,
  );
}
