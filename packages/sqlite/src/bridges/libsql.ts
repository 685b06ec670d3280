import { ConfigurationError } from "@x/entitlements-core/errors";
import type { SqliteBridge, SqliteConnection, SqliteRow } from "../bridge.ts";
import { collectSoon } from "./collect.ts";

interface Statement {
  all(params: object): unknown[];
}

/** The part of a `libsql` Database that is used. */
export interface LibsqlDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  readonly inTransaction: boolean;
  readonly open: boolean;
  close(): unknown;
}

const WANTS_FACTORY = 'fromLibsql wants a function that returns a new libsql Database: () => new Database("app.db").';

/**
 * Connects through the `libsql` package, e.g. `fromLibsql(() => new Database("app.db"))`. The factory MUST make a new
 * connection on each call; set what you need on it (`foreign_keys`, `synchronous`). `tx` is that Database.
 */
export function fromLibsql<Database extends LibsqlDatabase>(open: () => Database): SqliteBridge<Database> {
  if (typeof open !== "function") throw new ConfigurationError(WANTS_FACTORY);
  return {
    open: () => {
      const tx = open();
      if (typeof tx?.prepare !== "function") throw new ConfigurationError(WANTS_FACTORY);
      const statements = new Map<string, Statement>();
      const rollback = tx.prepare("rollback");
      return {
        ...connection(tx, (sql) => statements.get(sql) ?? keep(statements, sql, tx.prepare(sql))),
        close() {
          // A transaction that the host's function closed instead of leaving it to us would keep the lock for as long as
          // statements of it live.
          if (!tx.open) attempt(() => rollback.all({}));
          statements.clear();
          if (tx.open) tx.close();
          // libsql lets go of the file only when the statements of a connection have been collected.
          collectSoon();
        },
      };
    },
    join: (tx) => {
      if (typeof tx?.prepare !== "function" || typeof tx.exec !== "function" || typeof tx.open !== "boolean") {
        throw new ConfigurationError(
          "`tx` is no libsql Database. Pass the connection on which you began the transaction.",
        );
      }
      if (!tx.open)
        throw new ConfigurationError("`tx` is closed. Pass the connection on which you began the transaction.");
      // Nothing is kept prepared on it: were it closed in the middle of a transaction, that would keep the lock.
      return connection(tx, (sql) => tx.prepare(sql));
    },
  };
}

/** How many statements are kept prepared on one connection, the oldest dropped first. */
const KEPT = 100;

function connection<Database extends LibsqlDatabase>(
  tx: Database,
  prepared: (sql: string) => Statement,
): SqliteConnection<Database> {
  return {
    tx,
    exec: (sql) => {
      tx.exec(sql);
    },
    all: (sql, params = {}) => prepared(sql).all(params).filter(isRow),
    // A closed libsql Database aborts the whole process when it is asked.
    inTransaction: () => tx.open && tx.inTransaction,
    close: () => {
      if (tx.open) tx.close();
    },
  };
}

function keep(statements: Map<string, Statement>, sql: string, statement: Statement): Statement {
  const [oldest] = statements.keys();
  if (statements.size >= KEPT && oldest !== undefined) statements.delete(oldest);
  statements.set(sql, statement);
  return statement;
}

function attempt(action: () => unknown): void {
  try {
    action();
  } catch {}
}

function isRow(row: unknown): row is SqliteRow {
  return typeof row === "object" && row !== null;
}
