import type { SqliteConnection } from "../bridge.ts";
import { probeTransaction } from "./in-transaction.ts";
import { fromLibsqlClient, type LibsqlClient } from "./libsql-client.ts";
import { positional } from "./positional.ts";
import { rowsOf } from "./rows-of.ts";

/** The part of a Drizzle instance or transaction that is used. */
export interface DrizzleRunner {
  run(query: string): unknown;
  all(query: string | { getSQL(): unknown }): unknown;
}

/** A `drizzle-orm/libsql` instance; `Tx` is what its `transaction` hands out. */
export interface DrizzleLibsql<Tx> extends DrizzleRunner {
  readonly $client: LibsqlClient;
  transaction(work: (tx: Tx) => Promise<never>): Promise<unknown>;
}

/** An instance of the adapter's own. Begins and ends its transactions on the client, and has Drizzle wrap them. */
export async function ownDrizzle<Tx>(db: DrizzleLibsql<Tx>): Promise<SqliteConnection<Tx>> {
  const client = db.$client;
  const own = await fromLibsqlClient(() => client).open();
  const wrapped = (): Promise<Tx> =>
    new Promise((resolve, reject) => {
      const never = new Promise<never>(() => {});
      const begin = client.transaction;
      // Drizzle asks its client for a transaction at once, and gets the one that has been begun. It never learns of an end.
      client.transaction = async () => own.tx;
      db.transaction((tx) => {
        resolve(tx);
        return never;
      }).catch(reject);
      client.transaction = begin;
    });
  let tx: Tx | undefined;
  return {
    driver: own.driver,
    get tx() {
      if (tx === undefined) throw new Error("No transaction has been begun on this connection.");
      return tx;
    },
    async exec(sql) {
      await own.exec(sql);
      if (sql.startsWith("begin")) tx = await wrapped();
    },
    all: own.all,
    inTransaction: own.inTransaction,
    close: own.close,
  };
}

/** A caller's transaction, whatever it is on. */
export function joinedDrizzle<Tx extends DrizzleRunner>(tx: Tx): SqliteConnection<Tx> {
  return {
    driver: tx,
    tx,
    exec: async (sql) => void (await tx.run(sql)),
    async all(sql, params = {}) {
      const { sql: text, values } = positional(sql);
      // What Drizzle asks its SQL objects for.
      const query = { toQuery: () => ({ sql: text, params: values(params) }) };
      return rowsOf(Array.from(Object(await tx.all({ getSQL: () => query }))));
    },
    inTransaction: () => probeTransaction((sql) => tx.run(sql)),
    close: () => {},
  };
}
