import { isConfigurationError, isLockTimeoutError, isStorageError } from "@x/entitlements-core";
import { codeOf, messageOf } from "../start-error.ts";

/** The line for what went wrong with an SQLite file at the start; null for what is not foreseen. */
export function explainSqlite(error: unknown, file: string): string | null {
  const elsewhere = "set DATABASE_FILE to another file";
  if (isConfigurationError(error)) return `The database ${file} cannot be used: ${error.message} Or ${elsewhere}.`;
  const driverError = isStorageError(error) ? error.cause : error;
  const code = sqliteCodeOf(driverError);
  // `libsql` gives a file that it cannot open no code.
  if (
    isConnectionFailure(driverError) ||
    startsWith(code, ["SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_PERM"])
  ) {
    return `The database ${file} cannot be opened for writing. Check the permissions of the file and its folder, or ${elsewhere}.`;
  }
  if (startsWith(code, ["SQLITE_NOTADB", "SQLITE_CORRUPT"])) return damaged(file);
  if (isLockTimeoutError(error) || startsWith(code, ["SQLITE_BUSY", "SQLITE_LOCKED"]))
    return `Another program keeps the database ${file} locked. Stop it, or ${elsewhere}.`;
  if (startsWith(code, ["SQLITE_FULL"]))
    return `The disk that holds the database ${file} is full. Free some space, or ${elsewhere}.`;
  if (startsWith(code, ["SQLITE_"]))
    return `The database ${file} is not one of this demo (${messageOf(driverError)}). Move it away, or ${elsewhere}.`;
  return isStorageError(error) ? `The database ${file} cannot be used: ${error.message}` : null;
}

/** For a file that is there, but not in order. */
export function damaged(file: string): string {
  return `The database ${file} is damaged, or no SQLite database at all. Move it away to start afresh, or set DATABASE_FILE to another file.`;
}

function startsWith(code: string | null, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => code?.startsWith(prefix));
}

function isConnectionFailure(error: unknown): boolean {
  return messageOf(error).startsWith("ConnectionFailed");
}

/** The primary codes that are told apart, by number: libsql has no name for some of the extended ones. */
const PRIMARY: ReadonlyMap<number, string> = new Map([
  [3, "SQLITE_PERM"],
  [5, "SQLITE_BUSY"],
  [6, "SQLITE_LOCKED"],
  [8, "SQLITE_READONLY"],
  [10, "SQLITE_IOERR"],
  [11, "SQLITE_CORRUPT"],
  [13, "SQLITE_FULL"],
  [14, "SQLITE_CANTOPEN"],
  [26, "SQLITE_NOTADB"],
]);

function sqliteCodeOf(error: unknown): string | null {
  const code = codeOf(error);
  if (!code?.startsWith("UNKNOWN_SQLITE_ERROR")) return code;
  const { rawCode }: { rawCode?: unknown } = Object(error);
  return PRIMARY.get(Number(rawCode) & 0xff) ?? "SQLITE_ERROR";
}
