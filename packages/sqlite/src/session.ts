import type { SqliteConnection, SqliteRow, SqliteValue } from "./bridge.ts";
import { storageError } from "./driver-errors.ts";

/** The statements of the SDK on one connection: what they fail with is a `StorageError`, its `cause` the driver's error. */
export interface Session<Tx> {
  readonly tx: Tx;
  readonly connection: SqliteConnection<Tx>;
  all(sql: string, params?: Readonly<Record<string, SqliteValue>>): Promise<readonly SqliteRow[]>;
}

export function createSession<Tx>(connection: SqliteConnection<Tx>): Session<Tx> {
  return {
    tx: connection.tx,
    connection,
    async all(sql, params) {
      try {
        return await connection.all(sql, params);
      } catch (error) {
        throw storageError(error);
      }
    },
  };
}

/** An integer column as a number, whether the driver hands out numbers or bigints. */
export function integer(value: unknown): number {
  return Number(value);
}

/** A nullable text column. */
export function text(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
