import type { SqliteBridge, SqliteConnection } from "../bridge.ts";
import { isBusy } from "../driver-errors.ts";
import { collectNext, collectSoon, nextCollection } from "./collect.ts";
import { assertJoinable, checkedFactory, hasMethods } from "./factory.ts";
import { probeTransaction } from "./in-transaction.ts";
import type { KyselyQuery } from "./kysely-dialect.ts";
import { positional } from "./positional.ts";
import { rowsOf } from "./rows-of.ts";

export { type KyselyDialect, queuedDialect } from "./kysely-dialect.ts";

/** The part of a Kysely instance that is used. */
export interface KyselyInstance {
  withoutPlugins(): { executeQuery(query: KyselyQuery): Promise<{ readonly rows: readonly unknown[] }> };
  destroy(): Promise<unknown>;
  readonly isTransaction: boolean;
}

const WANTS_FACTORY =
  "fromKysely wants a function that returns a new Kysely instance: () => new Kysely({ dialect: new SqliteDialect({ database: new Database(file) }) }).";

/**
 * Connects through Kysely's `SqliteDialect`, on better-sqlite3 or libsql. The factory MUST make a new instance and a new
 * Database on each call. `tx` is that instance; a caller's own `Transaction` can be joined. Plugins are left out of what
 * the SDK runs.
 */
export function fromKysely<Db extends KyselyInstance>(open: () => Db): SqliteBridge<Db> {
  const connect = checkedFactory(open, isKysely, WANTS_FACTORY);
  return {
    open: () => connection(connect()),
    join(tx) {
      assertJoinable(isKysely(tx), "Kysely instance or transaction");
      return connection(tx, (error) => {
        // Until the statement is collected the caller can commit nothing; the error holds it until its stack has been read.
        Reflect.get(Object(error), "stack");
        collectNext();
      });
    },
  };
}

function isKysely(instance: KyselyInstance): boolean {
  return (
    hasMethods(instance, "withoutPlugins", "executeQuery", "destroy") && typeof instance.isTransaction === "boolean"
  );
}

function connection<Db extends KyselyInstance>(tx: Db, onSpoilt = (_error: unknown) => {}): SqliteConnection<Db> {
  const plain = tx.withoutPlugins();
  let spoilt = false;
  const run = async (sql: string, parameters: readonly unknown[] = []) => {
    const query = { kind: "RawNode", sqlFragments: [sql], parameters: [] } as const;
    // What another call was refused on this connection may still be in progress, and then nothing can begin.
    const collecting = nextCollection();
    if (collecting !== undefined) await collecting;
    try {
      return (await plain.executeQuery({ sql, parameters, query, queryId: { queryId: "entitlements" } })).rows;
    } catch (error) {
      // libsql, whose errors have this, lets go of a statement only when it is collected.
      if (isBusy(error) && "rawCode" in Object(error)) {
        spoilt = true;
        onSpoilt(error);
      }
      throw error;
    }
  };
  return {
    driver: tx,
    tx,
    exec: async (sql) => void (await run(sql)),
    async all(sql, params = {}) {
      const { sql: text, values } = positional(sql);
      return rowsOf(await run(text, values(params)));
    },
    inTransaction: () => probeTransaction(run),
    spoilt: () => spoilt,
    async close() {
      await tx.destroy();
      // It may be libsql that it runs on.
      collectSoon();
    },
  };
}
