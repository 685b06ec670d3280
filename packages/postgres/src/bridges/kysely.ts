import { ConfigurationError } from "@x/entitlements-core/errors";
import type { PostgresBridge } from "../bridge.ts";
import { begunByCallback } from "./callback.ts";
import { inOrder } from "./in-order.ts";
import { explained, type KyselyRunner, runStatements, send } from "./kysely-statements.ts";

import { lazyConnection } from "./lazy.ts";

export type { EntitlementsDatabase } from "./kysely-tables.ts";

/** What is used of a transaction of Kysely. A host whose code also runs on SQLite may name it `Kysely<Tables>`, which it is. */
export interface KyselyTransaction {
  readonly isTransaction: boolean;
  withoutPlugins(): KyselyRunner;
}

/** What is used of an instance of Kysely. */
export interface KyselyInstance<Tx> {
  readonly isTransaction: boolean;
  transaction(): { execute(work: (tx: Tx) => Promise<void>): Promise<void> };
  withoutPlugins(): KyselyRunner;
}

/** What is used of the pool that the dialect was given. */
interface KyselyPool {
  on(event: "connect", listener: (client: { on(event: "error", listener: () => void): unknown }) => void): unknown;
}

/**
 * An instance of Kysely with its `PostgresDialect`. Functions get Kysely's `Transaction` as `tx`. Plugins are left out of what
 * the SDK runs. Pass the dialect's `pool` as well, before it has connected: Kysely keeps its clients to itself, and Node ends a
 * process in which nobody hears that the server has ended one. Throws a `ConfigurationError` on what is no such instance.
 */
export function fromKysely<Tx extends KyselyTransaction>(
  db: KyselyInstance<Tx>,
  { pool }: { readonly pool?: KyselyPool | undefined } = {},
): PostgresBridge<Tx> {
  pool?.on("connect", (client) => void client.on("error", () => {}));
  if (typeof db?.transaction !== "function" || db.isTransaction !== false)
    throw new ConfigurationError(
      "fromKysely wants an instance of Kysely: fromKysely(new Kysely({ dialect: new PostgresDialect({ pool }) })).",
    );
  const driver = {
    transaction: (work: (tx: Tx) => Promise<void>) =>
      db
        .transaction()
        .execute(work)
        .catch((error) => Promise.reject(explained(error))),
    run: (tx: Tx, statements: readonly string[]) => inOrder(tx, () => runStatements(tx.withoutPlugins(), statements)),
    runAtOnce: (tx: Tx, statements: readonly string[]) =>
      inOrder(tx, () => send(tx.withoutPlugins(), statements.join(";\n"))),
    // Holds the connection, behind the statement that is under way, until Kysely refuses everything in the transaction.
    cut: (tx: Tx, rollback: () => Promise<void>) => tx.withoutPlugins().getExecutor().provideConnection(rollback),
  };
  return {
    sendsCommit: false,
    join(tx) {
      if (tx?.isTransaction !== true)
        throw new ConfigurationError(
          "`tx` must be the transaction that Kysely hands to your function, not the instance.",
        );
      return { tx, run: (statements) => driver.run(tx, statements) };
    },
    connect: async () =>
      lazyConnection({
        begin: (characteristics) => begunByCallback(driver, characteristics),
        alone: (statements) => runStatements(db.withoutPlugins(), statements),
      }),
  };
}
