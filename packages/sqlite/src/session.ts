import type { SqliteConnection, SqliteRow, SqliteValue } from "./bridge.ts";
import { storageError } from "./driver-errors.ts";

/** The statements of the SDK on one connection: what they fail with is a `StorageError`, its `cause` the driver's error. */
export interface Session<Tx> {
  /** Of the transaction that is open: another one may have another. */
  readonly tx: Tx;
  readonly connection: SqliteConnection<Tx>;
  exec(sql: string): Promise<void>;
  all(sql: string, params?: Readonly<Record<string, SqliteValue>>): Promise<readonly SqliteRow[]>;
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

async function asStorageError<T>(statement: () => T | Promise<T>): Promise<T> {
  try {
    return await statement();
  } catch (error) {
    throw storageError(error);
  }
}

/** An integer column as a number, whether the driver hands out numbers or bigints. */
export function integer(value: unknown): number {
  return Number(value);
}

/** A nullable text column. */
export function text(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
