import { isEntitlementsError, StorageError } from "@x/entitlements-core/errors";

/** The codes we tell apart, by number: drivers have no name for some of the extended ones, or for any. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [1, "SQLITE_ERROR"],
  [5, "SQLITE_BUSY"],
  [6, "SQLITE_LOCKED"],
  [8, "SQLITE_READONLY"],
  [10, "SQLITE_IOERR"],
  [11, "SQLITE_CORRUPT"],
  [13, "SQLITE_FULL"],
  [14, "SQLITE_CANTOPEN"],
  [18, "SQLITE_TOOBIG"],
  [19, "SQLITE_CONSTRAINT"],
  [20, "SQLITE_MISMATCH"],
  [25, "SQLITE_RANGE"],
  [26, "SQLITE_NOTADB"],
  [517, "SQLITE_BUSY_SNAPSHOT"],
]);

/** Which error of a chain of causes is looked at last. */
const DEEPEST = 5;

/**
 * SQLite's name of an error, e.g. `SQLITE_BUSY_SNAPSHOT`; null for what SQLite did not throw. Where the driver
 * has no name, its number tells: libsql's `rawCode`, node:sqlite's `errcode`. @libsql/client has the exact name in
 * `extendedCode`, and what Drizzle throws has SQLite's error as its `cause`.
 */
export function sqliteCode(error: unknown, depth = 0): string | null {
  const thrown: { code?: unknown; extendedCode?: unknown; rawCode?: unknown; errcode?: unknown; cause?: unknown } =
    Object(error);
  const number = Number(thrown.errcode ?? thrown.rawCode);
  const names = [thrown.extendedCode, NAMES.get(number), thrown.code, NAMES.get(number & 0xff)];
  for (const name of names) {
    if (typeof name === "string" && name.startsWith("SQLITE_")) return name;
  }
  // What we threw ourselves has been judged already.
  if (thrown.cause === undefined || depth === DEEPEST || isEntitlementsError(error)) return null;
  return sqliteCode(thrown.cause, depth + 1);
}

/** Another connection holds the write lock; waiting may help. A stale snapshot (`_SNAPSHOT`) is not meant. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return (
    code !== null &&
    code !== "SQLITE_BUSY_SNAPSHOT" &&
    (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED"))
  );
}

/** The statement itself is wrong: a syntax error, a missing table or column, a failing expression. */
export function isStatementError(error: unknown): boolean {
  const code = sqliteCode(error);
  return ["SQLITE_ERROR", "SQLITE_MISMATCH", "SQLITE_RANGE", "SQLITE_TOOBIG"].some((prefix) =>
    code?.startsWith(prefix),
  );
}

const REASONS: readonly (readonly [code: string, what: string])[] = [
  ["SQLITE_FULL", "The disk is full. Free some space."],
  ["SQLITE_IOERR", "The disk could not be read or written. Check the file system."],
  ["SQLITE_CORRUPT", "The database file is damaged. Restore it from a backup."],
  ["SQLITE_NOTADB", "The file is not an SQLite database. Check the path, or restore it from a backup."],
  ["SQLITE_CANTOPEN", "The database file cannot be opened. Check the path and its permissions."],
  ["SQLITE_READONLY", "The database file is read-only. Check its permissions and those of its folder."],
  ["SQLITE_BUSY", "Another connection holds the database. Try again."],
  ["SQLITE_LOCKED", "Another connection holds the database. Try again."],
];

/** The typed error for what a statement of ours failed with. */
export function storageError(error: unknown, outcome: "rolled-back" | "unknown" = "rolled-back"): StorageError {
  const code = sqliteCode(error);
  const what =
    REASONS.find(([prefix]) => code?.startsWith(prefix))?.[1] ??
    (code === null ? "The database driver failed." : "SQLite refused a statement of the SDK.");
  return new StorageError(`${what} (${code === null ? "" : `${code}: `}${messageOf(error)})`, {
    outcome,
    cause: error,
  });
}

/** What a thrown value says, whatever it is. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Runs statements of the SDK; what the driver throws comes out as a `StorageError`, anything else as it is. */
export async function translated<T>(signal: AbortSignal, statements: () => Promise<T>): Promise<T> {
  try {
    return await statements();
  } catch (error) {
    throw isEntitlementsError(error) || (signal.aborted && error === signal.reason) ? error : storageError(error);
  }
}
