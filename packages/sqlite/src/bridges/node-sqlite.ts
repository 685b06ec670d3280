import type { SqliteBridge, SqliteConnection, SqliteValue } from "../bridge.ts";
import { assertJoinable, assertNotClosed, checkedFactory, hasMethods } from "./factory.ts";
import { probeTransaction } from "./in-transaction.ts";
import { createKept } from "./kept.ts";
import { positional } from "./positional.ts";
import { rowsOf } from "./rows-of.ts";

interface Statement {
  all(...values: SqliteValue[]): unknown[];
}

/** The part of a `node:sqlite` DatabaseSync that is used. */
export interface NodeSqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  /** Since Node 22.15 and 22.16. */
  readonly isOpen?: boolean;
  readonly isTransaction?: boolean;
  close(): unknown;
}

const WANTS_FACTORY =
  'fromNodeSqlite wants a function that returns a new DatabaseSync of node:sqlite: () => new DatabaseSync("app.db").';

/**
 * Connects through Node's own `node:sqlite` (22.13 and newer), e.g. `fromNodeSqlite(() => new DatabaseSync("app.db"))`. The
 * factory MUST make a new connection on each call; set what you need on it (`synchronous`). `tx` is that DatabaseSync.
 */
export function fromNodeSqlite<Database extends NodeSqliteDatabase>(open: () => Database): SqliteBridge<Database> {
  const connect = checkedFactory(open, isDatabaseSync, WANTS_FACTORY);
  return {
    open: () => {
      const tx = connect();
      return connection(tx, createKept((sql) => tx.prepare(sql)).of);
    },
    join: (tx) => {
      assertJoinable(isDatabaseSync(tx), "DatabaseSync of node:sqlite");
      assertNotClosed(tx.isOpen === false);
      return connection(tx, (sql) => tx.prepare(sql));
    },
  };
}

function isDatabaseSync(database: NodeSqliteDatabase): boolean {
  // What other drivers of this shape have in its place.
  return hasMethods(database, "exec", "prepare", "close", "createSession");
}

function connection<Database extends NodeSqliteDatabase>(
  tx: Database,
  prepared: (sql: string) => Statement,
): SqliteConnection<Database> {
  return {
    driver: tx,
    tx,
    exec: (sql) => {
      tx.exec(sql);
    },
    // By position: it refuses named parameters that a statement does not name.
    all(sql, params = {}) {
      const { sql: text, values } = positional(sql);
      return rowsOf(prepared(text).all(...values(params)));
    },
    inTransaction: () => tx.isOpen !== false && (tx.isTransaction ?? probeTransaction((sql) => tx.exec(sql))),
    close: () => {
      if (tx.isOpen !== false) tx.close();
    },
  };
}
