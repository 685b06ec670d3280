import { ConfigurationError } from "@x/entitlements-core/errors";
import type { SqliteBridge, SqliteConnection, SqliteRow } from "../bridge.ts";

/** The part of a `libsql` Database that is used. */
export interface LibsqlDatabase {
  prepare(sql: string): { all(params: object): unknown[] };
  readonly inTransaction: boolean;
  close(): unknown;
}

/**
 * Connects through the `libsql` package, e.g. `fromLibsql(() => new Database("app.db"))`. The factory MUST make a new
 * connection on each call; set what you need on it (`foreign_keys`, `synchronous`). `tx` is that Database.
 */
export function fromLibsql<Database extends LibsqlDatabase>(open: () => Database): SqliteBridge<Database> {
  return {
    open: () => connection(open()),
    join: (tx) => {
      if (typeof tx?.prepare === "function" && typeof tx.inTransaction === "boolean") return connection(tx);
      throw new ConfigurationError("`tx` is no libsql Database. Pass the connection on which you began the transaction.");
    },
  };
}

// Kept by connection, so that a caller's connection is not prepared anew on each call.
const prepared = new WeakMap<LibsqlDatabase, Map<string, { all(params: object): unknown[] }>>();

function connection<Database extends LibsqlDatabase>(tx: Database): SqliteConnection<Database> {
  const statements = prepared.get(tx) ?? new Map<string, { all(params: object): unknown[] }>();
  prepared.set(tx, statements);
  return {
    tx,
    all(sql, params = {}) {
      const statement = statements.get(sql) ?? tx.prepare(sql);
      statements.set(sql, statement);
      return statement.all(params).filter(isRow);
    },
    inTransaction: () => tx.inTransaction,
    close: () => {
      tx.close();
    },
  };
}

function isRow(row: unknown): row is SqliteRow {
  return typeof row === "object" && row !== null;
}
