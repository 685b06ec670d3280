import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import Database from "libsql";
import { damaged, StartError } from "./start-error.ts";

/** A connection to the demo's SQLite file; also what the enforced functions get as `tx`. */
export type Connection = Database.Database;

// How long the start waits for another demo that is starting on the same file.
const BUSY_TIMEOUT_MS = 5_000;

/** Opens a new connection. */
export function connect(file: string): Connection {
  const connection = new Database(file, { timeout: BUSY_TIMEOUT_MS });
  connection.exec("pragma foreign_keys = on");
  return connection;
}

/** Opens the file, making it and its folder if missing. Throws a `StartError` where it cannot be used. */
export function openDatabase(file: string): Connection {
  makeFolder(dirname(file));
  const connection = connect(file);
  try {
    assertSound(connection, file);
    createTables(connection);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/**
 * Runs `work` in a write transaction on a connection of our own. Only for the start: the driver waits for other writers by
 * blocking the event loop, so while requests are served every write goes through the entitlements' transactions.
 */
export async function inTransaction<T>(connection: Connection, work: () => T | Promise<T>): Promise<T> {
  connection.exec("begin immediate");
  try {
    const result = await work();
    connection.exec("commit");
    return result;
  } catch (error) {
    if (connection.inTransaction) connection.exec("rollback");
    throw error;
  }
}

function makeFolder(folder: string): void {
  try {
    makeFolders(folder);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? ` (${error.code})` : "";
    throw new StartError(
      `The folder ${folder} cannot be made${reason}. Set DATABASE_FILE to a file in a folder that you can write to.`,
      { cause: error },
    );
  }
}

// One by one: below /proc, Node's recursive mkdir never ends.
function makeFolders(folder: string): void {
  if (isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolders(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another demo that starts now may have been faster.
    if (!isFolder(folder)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

// The file is small, so damage is better found now than by somebody's request.
function assertSound(connection: Connection, file: string): void {
  const [row] = connection.prepare("pragma quick_check(1)").all();
  const sound = typeof row === "object" && row !== null && "quick_check" in row && row.quick_check === "ok";
  if (!sound) throw new StartError(damaged(file));
}

function createTables(connection: Connection): void {
  connection.exec("begin immediate");
  connection.exec("create table if not exists organisation (id text primary key, name text not null) strict");
  connection.exec(`create table if not exists project (
    id text primary key,
    org_id text not null references organisation (id),
    name text not null check (length(name) between 1 and 100),
    archived_at text,
    created_at text not null
  ) strict`);
  connection.exec("create index if not exists project_org_id_idx on project (org_id)");
  connection.exec("commit");
}
