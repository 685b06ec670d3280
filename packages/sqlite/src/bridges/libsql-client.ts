import { ConfigurationError } from "@x/entitlements-core/errors";
import type { SqliteBridge, SqliteConnection, SqliteValue } from "../bridge.ts";
import { collectSoon } from "./collect.ts";
import { assertJoinable, checkedFactory, hasMethods } from "./factory.ts";
import { rowsOf } from "./rows-of.ts";

interface Runner {
  execute(statement: { sql: string; args: Record<string, SqliteValue> }): Promise<{ rows: readonly unknown[] }>;
  executeMultiple(sql: string): Promise<unknown>;
}

/** The part of an `@libsql/client` Transaction that is used. */
export interface LibsqlTransaction extends Runner {
  commit(): Promise<unknown>;
  rollback(): Promise<unknown>;
  close(): unknown;
  readonly closed: boolean;
}

/** The part of an `@libsql/client` Client that is used. */
export interface LibsqlClient<Tx extends LibsqlTransaction = LibsqlTransaction> extends Runner {
  transaction(mode: "deferred"): Promise<Tx>;
  close(): unknown;
  readonly protocol: string;
}

const WANTS_FACTORY =
  'fromLibsqlClient wants a function that returns a new @libsql/client Client: () => createClient({ url: "file:app.db" }).';

/**
 * Connects through `@libsql/client` (0.18 and newer) to a local file, e.g.
 * `fromLibsqlClient(() => createClient({ url: "file:app.db" }))`. The factory MUST make a new client on each call. `tx` is the
 * client's Transaction. Throws a `ConfigurationError` on a remote client.
 */
export function fromLibsqlClient<Tx extends LibsqlTransaction>(open: () => LibsqlClient<Tx>): SqliteBridge<Tx> {
  const connect = checkedFactory(open, isClient, WANTS_FACTORY);
  return {
    open: () => ownClient(connect()),
    join(tx) {
      assertJoinable(isTransaction(tx), 'Transaction of @libsql/client (await client.transaction("write"))');
      const { exec, all } = running(() => tx);
      return { driver: tx, tx, exec, all, inTransaction: () => !tx.closed, close: () => {} };
    },
  };
}

/** A client of the adapter's own. It uses one connection only, since one transaction at a time is begun on it. */
function ownClient<Tx extends LibsqlTransaction>(client: LibsqlClient<Tx>): SqliteConnection<Tx> {
  if (client.protocol !== "file") {
    client.close();
    throw new ConfigurationError(REMOTE);
  }
  const begin = client.transaction.bind(client);
  let transaction: Tx | undefined;
  const { exec, all } = running(() => (transaction?.closed === false ? transaction : client));
  return {
    driver: client,
    get tx() {
      if (transaction === undefined) throw new Error("No transaction has been begun on this connection.");
      return transaction;
    },
    async exec(sql) {
      if (sql === "begin") transaction = await begin("deferred");
      else if (sql === "begin immediate") transaction = await beginImmediate(begin);
      else if (sql === "commit") await transaction?.commit();
      else if (sql === "rollback") await transaction?.rollback();
      else await exec(sql);
    },
    all,
    inTransaction: () => transaction?.closed === false,
    close() {
      client.close();
      collectSoon();
    },
  };
}

/** Not by the mode "write": a BEGIN IMMEDIATE that finds the file busy is left half-way by it, and nothing could be committed then. */
async function beginImmediate<Tx extends LibsqlTransaction>(begin: LibsqlClient<Tx>["transaction"]): Promise<Tx> {
  const transaction = await begin("deferred");
  try {
    await transaction.executeMultiple("rollback; begin immediate");
    return transaction;
  } catch (error) {
    transaction.close();
    throw error;
  }
}

const REMOTE =
  'This @libsql/client Client is a remote one, for which the adapter has not been proven. Give the factory a local file: createClient({ url: "file:app.db" }).';

function running(runner: () => Runner): Pick<SqliteConnection<unknown>, "exec" | "all"> {
  return {
    exec: async (sql) => void (await runner().executeMultiple(sql)),
    all: async (sql, args = {}) => rowsOf((await runner().execute({ sql, args: { ...args } })).rows),
  };
}

function isClient(client: unknown): boolean {
  return hasMethods(client, "execute", "executeMultiple", "transaction", "close");
}

function isTransaction(transaction: LibsqlTransaction): boolean {
  return hasMethods(transaction, "execute", "executeMultiple", "commit") && typeof transaction.closed === "boolean";
}
