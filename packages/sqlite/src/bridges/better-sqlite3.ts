import type { SqliteBridge, SqliteConnection } from "../bridge.ts";
import { sqliteCode } from "../driver-errors.ts";
import { assertJoinable, assertNotClosed, checkedFactory, hasMethods } from "./factory.ts";
import { createKept } from "./kept.ts";
import { rowsOf } from "./rows-of.ts";

interface Statement {
  /** Whether it returns rows. */
  readonly reader: boolean;
  all(params: object): unknown[];
  run(params: object): unknown;
}

/** The part of a `better-sqlite3` Database that is used. */
export interface BetterSqlite3Database {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  unsafeMode(on?: boolean): unknown;
  readonly inTransaction: boolean;
  readonly open: boolean;
  close(): unknown;
}

const WANTS_FACTORY =
  'fromBetterSqlite3 wants a function that returns a new better-sqlite3 Database: () => new Database("app.db").';

/**
 * Connects through `better-sqlite3`, e.g. `fromBetterSqlite3(() => new Database("app.db"))`. The factory MUST make a new
 * connection on each call; set what you need on it (`foreign_keys`, `synchronous`). `tx` is that Database.
 */
export function fromBetterSqlite3<Database extends BetterSqlite3Database>(
  open: () => Database,
): SqliteBridge<Database> {
  const connect = checkedFactory(open, isBetterSqlite3, WANTS_FACTORY);
  return {
    open: () => ownDatabase(connect()),
    join: (tx) => {
      assertJoinable(isBetterSqlite3(tx), "better-sqlite3 Database");
      assertNotClosed(!tx.open);
      return connection(tx, (sql) => tx.prepare(sql));
    },
  };
}

/** A Database of the adapter's own. */
function ownDatabase<Database extends BetterSqlite3Database>(tx: Database): SqliteConnection<Database> {
  const own = connection(tx, createKept((sql) => tx.prepare(sql)).of);
  return {
    ...own,
    // A connection that is too busy to begin on is not used again; whatever else there is to say must be heard.
    exec: (sql) => (sql.startsWith("begin") ? own.exec(sql) : execAlways(tx, sql)),
    close() {
      try {
        if (tx.open) tx.close();
      } catch (error) {
        // An iterator that was left half-way: the connection closes when that is collected. It holds no lock.
        if (sqliteCode(error) !== null) throw error;
      }
    },
  };
}

function isBetterSqlite3(database: unknown): boolean {
  return hasMethods(database, "exec", "prepare", "unsafeMode", "close");
}

function connection<Database extends BetterSqlite3Database>(
  tx: Database,
  prepared: (sql: string) => Statement,
): SqliteConnection<Database> {
  return {
    driver: tx,
    tx,
    exec: (sql) => {
      tx.exec(sql);
    },
    all(sql, params = {}) {
      const statement = prepared(sql);
      if (statement.reader) return rowsOf(statement.all(params));
      statement.run(params);
      return [];
    },
    inTransaction: () => tx.open && tx.inTransaction,
    close: () => {
      if (tx.open) tx.close();
    },
  };
}

/** Also where an iterator that a function of the host's left half-way keeps the driver busy: the lock must be let go of. */
function execAlways(tx: BetterSqlite3Database, sql: string): void {
  try {
    tx.exec(sql);
  } catch (error) {
    if (!tx.open || sqliteCode(error) !== null) throw error;
    tx.unsafeMode(true);
    try {
      tx.exec(sql);
    } finally {
      tx.unsafeMode(false);
    }
  }
}
