import { isEntitlementsError, StorageError } from "@x/entitlements-core/errors";

/** The primary codes we tell apart, by number: libsql has no name for some of the extended ones. */
const PRIMARY: ReadonlyMap<number, string> = new Map([
  [1, "SQLITE_ERROR"],
  [5, "SQLITE_BUSY"],
  [6, "SQLITE_LOCKED"],
  [8, "SQLITE_READONLY"],
  [10, "SQLITE_IOERR"],
  [11, "SQLITE_CORRUPT"],
  [14, "SQLITE_CANTOPEN"],
  [19, "SQLITE_CONSTRAINT"],
]);

/** SQLite's name of an error, e.g. `SQLITE_BUSY_SNAPSHOT`; null for what SQLite did not throw. */
export function sqliteCode(error: unknown): string | null {
  const { code, rawCode }: { code?: unknown; rawCode?: unknown } = Object(error);
  if (typeof code !== "string") return null;
  if (code.startsWith("SQLITE_")) return code;
  return code.startsWith("UNKNOWN_SQLITE_ERROR") ? (PRIMARY.get(Number(rawCode) & 0xff) ?? null) : null;
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
