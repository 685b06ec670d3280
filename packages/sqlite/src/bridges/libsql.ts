import type { SqliteBridge, SqliteConnection } from "../bridge.ts";
import { collectSoon } from "./collect.ts";
import { assertJoinable, assertNotClosed, checkedFactory, hasMethods } from "./factory.ts";
import { createKept } from "./kept.ts";
import { rowsOf } from "./rows-of.ts";

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
  const connect = checkedFactory(open, isDatabase, WANTS_FACTORY);
  return {
    open: () => {
      const tx = connect();
      const statements = createKept((sql) => tx.prepare(sql));
      const rollback = tx.prepare("rollback");
      return {
        ...connection(tx, statements.of),
        abandon() {
          if (!tx.open) attempt(() => rollback.all({}));
          statements.clear();
          disarm(tx);
          collectSoon();
        },
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
      assertJoinable(isDatabase(tx), "libsql Database");
      assertNotClosed(!tx.open);
      // Nothing is kept prepared on it: were it closed in the middle of a transaction, libsql would hold the lock for as long as
      // that is kept, not only until the next collection.
      return connection(tx, (sql) => tx.prepare(sql));
    },
  };
}

function isDatabase(database: LibsqlDatabase): boolean {
  return hasMethods(database, "exec", "prepare", "close") && typeof database.open === "boolean";
}

function connection<Database extends LibsqlDatabase>(
  tx: Database,
  prepared: (sql: string) => Statement,
): SqliteConnection<Database> {
  return {
    driver: tx,
    tx,
    exec: (sql) => {
      tx.exec(sql);
    },
    all: (sql, params = {}) => rowsOf(prepared(sql).all(params)),
    // A closed libsql Database aborts the whole process when it is asked.
    inTransaction: () => tx.open && tx.inTransaction,
    close: () => {
      if (tx.open) tx.close();
    },
  };
}

/**
 * Leaves the connection to the garbage collector: asked for `inTransaction` after it was closed, libsql aborts the whole
 * process, and the usual way to clean up after an error asks for it.
 */
function disarm(tx: LibsqlDatabase): void {
  const ended = (): never => {
    throw new Error(
      "This connection has been taken away: the transaction that it was given for has timed out, was aborted or has failed.",
    );
  };
  Object.assign(tx, { prepare: ended, exec: ended, pragma: ended, transaction: ended });
}

function attempt(action: () => unknown): void {
  try {
    action();
  } catch {}
}
