import { ConfigurationError } from "@x/entitlements-core/errors";
import type { PostgresBridge } from "../bridge.ts";
import { lazyConnection, type Opened } from "./lazy.ts";
import { runOn, wasEnded } from "./postgres-js-answers.ts";
import { type BegunSql, begunTransaction, isBegunSql } from "./postgres-js-begun.ts";
import { isPostgresJs, type PostgresJs } from "./postgres-js-instance.ts";

export type { PostgresJs } from "./postgres-js-instance.ts";

/** An instance of postgres.js. Functions get its `TransactionSql` as `tx`, as `sql.begin` hands it on. */
export function fromPostgresJs<Tx extends BegunSql>(sql: PostgresJs<Tx>): PostgresBridge<Tx> {
  if (!isPostgresJs(sql))
    throw new ConfigurationError("fromPostgresJs wants an instance of postgres.js: fromPostgresJs(postgres(url)).");
  const { options } = sql;
  return {
    sendsCommit: true,
    join(tx) {
      if (!isBegunSql(tx))
        throw new ConfigurationError(
          "`tx` must be the `sql` that sql.begin() hands to your function, not the instance.",
        );
      return { tx, run: (statements) => runOn(tx, statements, options) };
    },
    connect: async () =>
      lazyConnection({
        begin: (characteristics) => begin(sql, characteristics),
        alone: (statements) => runOn(sql, statements, options),
      }),
  };
}

/** Not `sql.reserve()`: a wait for one is lost where another connection closes meanwhile. */
function begin<Tx extends BegunSql>(sql: PostgresJs<Tx>, characteristics: string): Promise<Opened<Tx>> {
  return new Promise((resolve, reject) => {
    const begun = sql.begin(characteristics, (tx) => {
      resolve(begunTransaction(tx, sql.options));
      return new Promise(() => {});
    });
    begun.catch((error: unknown) => reject(wasEnded(error)));
  });
}
