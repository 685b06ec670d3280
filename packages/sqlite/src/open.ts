import { statSync } from "node:fs";
import { ConfigurationError, isConfigurationError, StorageError } from "@x/entitlements-core/errors";
import type { SqliteBridge, SqliteConnection } from "./bridge.ts";
import { messageOf, sqliteCode } from "./driver-errors.ts";
import { createSession, integer, type Session, text } from "./session.ts";

/** The driver's object of every connection that any adapter of this process has opened. */
const opened = new WeakSet<object>();
/** Where a connection was opened, and which file was there. */
const openedOn = new WeakMap<object, { readonly path: string; readonly file: string | null }>();

/** Opens a connection of the adapter's own on a file in WAL mode. Throws what the driver throws. */
export async function openSession<Tx extends object>(
  bridge: SqliteBridge<Tx>,
  { readOnly = false } = {},
): Promise<Session<Tx>> {
  const connection = await connect(bridge);
  try {
    await prepare(connection);
    // A `count` function that wrote would do so in an advisory read, and for good.
    if (readOnly) await connection.exec("pragma query_only = 1");
    const path = await databaseFile(connection);
    openedOn.set(connection.driver, { path, file: fileAt(path) });
  } catch (error) {
    await connection.close();
    throw error;
  }
  return createSession(connection);
}

/**
 * Whether another file, or none, is now at the connection's path. A connection goes on in a file that has been deleted or
 * replaced: it would grant what nobody else can see, beside processes that grant the same in the new one.
 * @see https://www.sqlite.org/howtocorrupt.html#_unlinking_or_renaming_a_database_file_while_in_use
 */
export function hasLostItsFile<Tx>({ connection }: Session<Tx>): boolean {
  const on = openedOn.get(connection.driver);
  return on !== undefined && on.file !== null && fileAt(on.path) !== on.file;
}

function fileAt(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? null : `${found.dev}:${found.ino}`;
}

/** A new connection, never used before. */
async function connect<Tx extends object>(bridge: SqliteBridge<Tx>): Promise<SqliteConnection<Tx>> {
  const connection = await opening(bridge);
  if (opened.has(connection.driver)) throw new ConfigurationError(TWICE);
  opened.add(connection.driver);
  return connection;
}

const TWICE =
  "The factory returned the same connection twice. It must open a new one on each call: () => new Database(file).";

async function opening<Tx>(bridge: SqliteBridge<Tx>): Promise<SqliteConnection<Tx>> {
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
  // Not as a table: that would read the file's schema, which another connection may be locking.
  const databases = await all("pragma database_list");
  return text(databases.find(({ name }) => name === "main")?.["file"]) ?? "";
}

/**
 * The file that the factory opens. Opens two connections at once, so that one that it always hands out is found before
 * anything runs on it. Asks nothing of the file itself, so that it seldom waits for whoever holds its lock.
 * Throws what the driver throws.
 */
export async function fileOf<Tx extends object>(bridge: SqliteBridge<Tx>): Promise<string> {
  const first = await connect(bridge);
  try {
    const second = await connect(bridge);
    if (await areOne(first, second)) throw new ConfigurationError(TWICE);
    await second.close();
  } catch (error) {
    // A connection that somebody else uses too is not ours to close.
    if (!isConfigurationError(error)) await first.close();
    throw error;
  }
  try {
    return await databaseFile(first);
  } finally {
    await first.close();
  }
}

let marks = 0;

/**
 * Whether two objects of a driver have one connection in them, e.g. Kysely instances on a Database that is kept. What one
 * writes into its temporary database only itself can read.
 */
async function areOne<Tx>(first: SqliteConnection<Tx>, second: SqliteConnection<Tx>): Promise<boolean> {
  const mark = ++marks;
  await first.exec(`pragma temp.user_version = ${mark}`);
  const [row] = await second.all("pragma temp.user_version");
  return integer(row?.["user_version"]) === mark;
}

async function prepare<Tx>(connection: SqliteConnection<Tx>): Promise<void> {
  // The driver's own waiting would block the event loop; see busy.ts.
  await connection.exec("pragma busy_timeout = 0");
  if ((await databaseFile(connection)) === "") throw new ConfigurationError(IN_MEMORY);
  const [row] = await connection.all("pragma journal_mode = wal");
  if (row?.["journal_mode"] === "wal") return;
  throw new ConfigurationError(
    `SQLite refused WAL mode for this file (journal_mode is ${JSON.stringify(row?.["journal_mode"])}). Put it on a local disk, not on a network file system.`,
  );
}

// Not even one that its connections can share (`cache=shared`, `vfs=memdb`): without WAL, readers fail while a writer works.
const IN_MEMORY =
  "An in-memory database cannot be shared by the connections of the adapter: there, nobody can read while somebody writes. Give the factory a file, or use memoryAdapter() in tests.";
