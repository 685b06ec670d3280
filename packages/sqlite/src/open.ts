import { ConfigurationError } from "@x/entitlements-core/errors";
import type { SqliteBridge, SqliteConnection } from "./bridge.ts";
import { createSession, type Session } from "./session.ts";

/** Opens a connection of the adapter's own on a file in WAL mode. Throws what the driver throws; `opened` holds those before. */
export async function openSession<Tx extends object>(bridge: SqliteBridge<Tx>, opened: WeakSet<Tx>): Promise<Session<Tx>> {
  const connection = await bridge.open();
  if (opened.has(connection.tx)) {
    throw new ConfigurationError("The factory returned the same connection twice. It must open a new one on each call: () => new Database(file).");
  }
  try {
    await prepare(connection);
  } catch (error) {
    await connection.close();
    throw error;
  }
  opened.add(connection.tx);
  return createSession(connection);
}

async function prepare<Tx>(connection: SqliteConnection<Tx>): Promise<void> {
  // The driver's own waiting would block the event loop; see busy.ts.
  await connection.all("pragma busy_timeout = 0");
  const [main] = await connection.all("select file from pragma_database_list where name = 'main'");
  if (!main?.["file"]) {
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
