import { ConfigurationError } from "@x/entitlements-core/errors";
import type { Answer, OwnConnection, PostgresConnection, PostgresRow } from "../bridge.ts";

interface Result {
  readonly command: string;
  readonly rows: readonly PostgresRow[];
}

/** What is used of a client of `pg`. */
export interface PgClient {
  query(sql: string): Promise<Result | readonly Result[]>;
}

/** What is used of a client out of a pool. */
export interface PgPoolClient extends PgClient {
  release(destroy?: boolean): void;
  on(event: "error", listener: (error: unknown) => void): unknown;
  removeListener(event: "error", listener: (error: unknown) => void): unknown;
}

/** A client while a call has it. */
export interface TakenClient<Tx> extends OwnConnection<Tx> {
  readonly tx: Tx;
}

/** What is used of a pool. */
export interface PgPool<Tx> {
  // Both forms, in the order in which pg's types have them: from one alone TypeScript would not infer its client.
  connect(): Promise<Tx>;
  connect(callback: (error: never, client: never, done: never) => void): void;
  readonly totalCount: number;
  readonly ending: boolean;
}

/** Whether it is a pool of `pg`. */
export function isPgPool(pool: unknown): pool is PgPool<PgPoolClient> {
  const { connect, totalCount }: { connect?: unknown; totalCount?: unknown } = Object(pool);
  return typeof connect === "function" && typeof totalCount === "number";
}

/** Throws a `ConfigurationError` where the host has ended the pool. */
export function assertNotEnded({ ending }: Pick<PgPool<unknown>, "ending">): void {
  if (ending) throw new ConfigurationError("The pool has been ended. Give the adapter one that is open.");
}

/**
 * A client out of a pool, heard from the moment in which the pool hands it out: a promise would settle later, and the server's
 * goodbye may be in the same bytes as its being ready.
 */
export function takenFrom<Tx extends PgPoolClient>(pool: PgPool<Tx>): Promise<TakenClient<Tx>> {
  return new Promise((resolve, reject) => {
    pool.connect((error: Error | undefined, client: Tx | undefined) => {
      if (client === undefined) reject(error);
      else resolve(takenClient(client));
    });
  });
}

function takenClient<Tx extends PgPoolClient>(client: Tx): TakenClient<Tx> {
  // A connection that the server ends would otherwise crash the process. It says why once; what is sent later only hears that
  // the connection is gone.
  let reason: unknown;
  const hear = (error: unknown): void => {
    reason ??= error;
  };
  client.on("error", hear);
  const { tx, run } = connectionOf(client);
  return {
    tx,
    run: (statements) => run(statements).catch((error: unknown) => Promise.reject(reason ?? error)),
    release() {
      client.removeListener("error", hear);
      client.release();
    },
    destroy: () => client.release(true),
  };
}

/** A client with whatever it runs. */
export function connectionOf<Tx extends PgClient>(client: Tx): PostgresConnection<Tx> & Pick<TakenClient<Tx>, "tx"> {
  return { tx: client, run: async (statements) => answersIn(await client.query(statements.join(";\n"))) };
}

/** One result for one statement, a list for several. */
function answersIn(results: Result | readonly Result[]): readonly Answer[] {
  return [results].flat();
}
