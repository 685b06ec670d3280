import { ConfigurationError } from "@x/entitlements-core/errors";
import type { PostgresBridge } from "../bridge.ts";
import { lazyConnection, type Opened } from "./lazy.ts";
import { answersOf, type PostgresJsOptions, type PostgresJsResult } from "./postgres-js-answers.ts";
import { type BegunSql, begunTransaction } from "./postgres-js-begun.ts";

/** What is used of an instance of postgres.js. */
interface Sql<Tx> {
  readonly options: PostgresJsOptions;
  begin(options: string, work: (tx: Tx) => Promise<never>): Promise<unknown>;
  unsafe(query: string): PromiseLike<PostgresJsResult | readonly PostgresJsResult[]>;
}

/** An instance of postgres.js. Functions get its `TransactionSql` as `tx`, as `sql.begin` hands it on. */
export function fromPostgresJs<Tx extends BegunSql>(sql: Sql<Tx>): PostgresBridge<Tx> {
  if (typeof sql?.begin !== "function" || typeof sql.options !== "object")
    throw new ConfigurationError("fromPostgresJs wants an instance of postgres.js: fromPostgresJs(postgres(url)).");
  const run = async (on: Pick<Sql<Tx>, "unsafe">, statements: readonly string[]) =>
    answersOf(statements, await on.unsafe(statements.join(";\n")), sql.options);
  // Not `sql.reserve()`: a wait for one is lost where another connection closes meanwhile.
  const begin = (characteristics: string): Promise<Opened<Tx>> =>
    new Promise((resolve, reject) => {
      const begun = sql.begin(characteristics, (tx) => {
        resolve(begunTransaction(tx, sql.options));
        return new Promise(() => {});
      });
      begun.catch((error: unknown) => reject(wasEnded(error)));
    });
  return {
    sendsCommit: true,
    join(tx) {
      if (typeof tx?.unsafe !== "function" || typeof tx.savepoint !== "function")
        throw new ConfigurationError("`tx` must be the `sql` that sql.begin() hands to your function, not the instance.");
      return { tx, run: (statements) => run(tx, statements) };
    },
    connect: async () => lazyConnection({ begin, alone: (statements) => run(sql, statements).catch((error) => Promise.reject(wasEnded(error))) }),
  };
}

/** A `ConfigurationError` where the host has ended the instance. */
export function wasEnded(cause: unknown): unknown {
  if (Reflect.get(Object(cause), "code") !== "CONNECTION_ENDED") return cause;
  return new ConfigurationError("The instance of postgres.js has been ended. Give the adapter one that is open.", { cause });
}
