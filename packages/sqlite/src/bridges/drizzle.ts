import type { SqliteBridge } from "../bridge.ts";
import { type BetterSqlite3Database, fromBetterSqlite3 } from "./better-sqlite3.ts";
import { type DrizzleLibsql, type DrizzleRunner, joinedDrizzle, ownDrizzle } from "./drizzle-libsql.ts";
import { assertJoinable, checkedFactory, hasMethods } from "./factory.ts";

export type { DrizzleLibsql, DrizzleRunner };

/** A `drizzle-orm/better-sqlite3` instance. */
export interface DrizzleBetterSqlite3 extends DrizzleRunner {
  readonly $client: BetterSqlite3Database;
}

const WANTS_FACTORY =
  "fromDrizzle wants a function that returns a new Drizzle instance on better-sqlite3 or @libsql/client: () => drizzle(new Database(file)).";

/**
 * Connects through Drizzle, on better-sqlite3 or on `@libsql/client` with a local file. The factory MUST make a new instance
 * and a new Database or Client on each call. `tx` is that instance on better-sqlite3, Drizzle's transaction on libsql.
 */
export function fromDrizzle<Tx extends DrizzleRunner>(open: () => DrizzleLibsql<Tx>): SqliteBridge<Tx>;
export function fromDrizzle<Db extends DrizzleBetterSqlite3>(open: () => Db): SqliteBridge<Db>;
export function fromDrizzle(
  open: () => DrizzleLibsql<DrizzleRunner> | DrizzleBetterSqlite3,
): SqliteBridge<DrizzleRunner> {
  const connect = checkedFactory(open, (db) => isOnLibsql(db) || isOnBetterSqlite3(db), WANTS_FACTORY);
  return {
    async open() {
      const db = connect();
      return isOnLibsql(db) ? ownDrizzle(db) : { ...(await onDatabase(db).open()), tx: db };
    },
    join(tx) {
      // On libsql an instance is no transaction: each of its statements may have another connection.
      assertJoinable(hasMethods(tx, "run", "all") && !isOnLibsql(tx), "Drizzle transaction");
      return isOnBetterSqlite3(tx) ? { ...onDatabase(tx).join(tx.$client), tx } : joinedDrizzle(tx);
    },
  };
}

function onDatabase({ $client }: DrizzleBetterSqlite3): SqliteBridge<BetterSqlite3Database> {
  return fromBetterSqlite3(() => $client);
}

function isOnLibsql(db: object): db is DrizzleLibsql<DrizzleRunner> {
  return (
    hasMethods(db, "run", "all", "transaction") && hasMethods(Reflect.get(db, "$client"), "execute", "transaction")
  );
}

function isOnBetterSqlite3(db: object): db is DrizzleBetterSqlite3 {
  return hasMethods(db, "run", "all") && hasMethods(Reflect.get(db, "$client"), "exec", "prepare");
}
