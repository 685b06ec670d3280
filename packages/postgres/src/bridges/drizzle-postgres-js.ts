import type { PostgresBridge } from "../bridge.ts";
import {
  assertDrizzleTransaction,
  begunByDrizzle,
  clientOf,
  type Drizzle,
  type DrizzleTransaction,
  setClient,
  wrongDriver,
} from "./drizzle-transaction.ts";
import { characterised, lazyConnection } from "./lazy.ts";
import { runOn, wasEnded } from "./postgres-js-answers.ts";
import { type BegunSql, begunTransaction, isBegunSql } from "./postgres-js-begun.ts";
import type { PostgresJs } from "./postgres-js-instance.ts";

/** Drizzle on an instance of postgres.js. */
export function onPostgresJs<Tx extends DrizzleTransaction>(db: Drizzle<Tx, PostgresJs<BegunSql>>): PostgresBridge<Tx> {
  const { options } = db.$client;
  const sqlOf = (tx: Tx): BegunSql => {
    const sql = clientOf(tx);
    if (!isBegunSql(sql)) throw wrongDriver();
    return sql;
  };
  return {
    sendsCommit: true,
    join(tx) {
      assertDrizzleTransaction(tx);
      const sql = sqlOf(tx);
      return { tx, run: (statements) => runOn(sql, statements, options) };
    },
    connect: async () =>
      lazyConnection({
        async begin(characteristics) {
          const tx = await begunByDrizzle(db).catch((error) => Promise.reject(wasEnded(error)));
          const begun = begunTransaction(sqlOf(tx), options);
          setClient(tx, begun.tx);
          return characterised({ ...begun, tx }, characteristics);
        },
        alone: (statements) => runOn(db.$client, statements, options),
      }),
  };
}
