import type { SqliteConnection, SqliteRow, SqliteValue } from "./bridge.ts";
import { storageError } from "./driver-errors.ts";

/**
 * The statements of the SDK on one connection: what they fail with is a `StorageError`, its `cause` the driver's error. They
 * are promises only where the driver's are.
 */
export interface Session<Tx> {
  /** Of the transaction that is open: another one may have another. */
  readonly tx: Tx;
  readonly connection: SqliteConnection<Tx>;
  exec(sql: string): void | Promise<void>;
  all(
    sql: string,
    params?: Readonly<Record<string, SqliteValue>>,
  ): readonly SqliteRow[] | Promise<readonly SqliteRow[]>;
}

export function createSession<Tx>(connection: SqliteConnection<Tx>): Session<Tx> {
  return {
    get tx() {
      return connection.tx;
    },
    connection,
    exec: (sql) => asStorageError(() => connection.exec(sql)),
    all: (sql, params) => asStorageError(() => connection.all(sql, params)),
  };
}

function asStorageError<T>(statement: () => T | Promise<T>): T | Promise<T> {
  try {
    const result = statement();
    return result instanceof Promise ? result.catch(rethrow) : result;
  } catch (error) {
    return rethrow(error);
  }
}

function rethrow(error: unknown): never {
  throw storageError(error);
}

/** An integer column as a number, whether the driver hands out numbers or bigints. */
export function integer(value: unknown): number {
  return Number(value);
}

/** A nullable text column. */
export function text(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
