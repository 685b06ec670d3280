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
  connect(callback: (error: never, client: never, done: never) => void): unknown;
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
    let taken: TakenClient<Tx> | undefined;
    const settle = (error: unknown, client?: unknown): void => {
      if (isPoolClient<Tx>(client)) taken ??= takenClient(client);
      if (taken) resolve(taken);
      else reject(error);
    };
    const connecting = pool.connect(settle);
    // A `connect` that the host has wrapped may know promises alone, or fail by one.
    Promise.resolve(connecting).then((client) => client && settle(null, client), reject);
  });
}

/** Whether it is a client out of a pool. */
export function isPoolClient<Tx extends PgPoolClient>(client: unknown): client is Tx {
  const { query, release, removeListener }: { query?: unknown; release?: unknown; removeListener?: unknown } =
    Object(client);
  return [query, release, removeListener].every((method) => typeof method === "function");
}

/** A client that somebody else has taken out of its pool. */
export function takenClient<Tx extends PgPoolClient>(client: Tx): TakenClient<Tx> {
  // A connection that the server ends would otherwise crash the process. It says why once; what is sent later only hears that
  // the connection is gone.
  let reason: unknown;
  const hear = (error: unknown): void => {
    reason ??= error;
  };
  client.on("error", hear);
  const { release } = client;
  // A function that gave it back would let somebody else into the open transaction.
  client.release = () => {
    throw new ConfigurationError(RELEASED);
  };
  let isOurs = true;
  /** Once: after that somebody else may have it. */
  const giveBack = (destroy: boolean): void => {
    if (!isOurs) return;
    isOurs = false;
    if (!destroy) client.removeListener("error", hear);
    client.release = release;
    client.release(destroy);
  };
  const { tx, run } = connectionOf(client);
  return {
    tx,
    run: (statements) => run(statements).catch((error: unknown) => Promise.reject(reason ?? error)),
    release: () => giveBack(false),
    destroy() {
      try {
        giveBack(true);
      } catch {
        // The host's own, around `release`. Where an abort has asked for this nobody would catch it, and the process would end.
      }
    },
  };
}

const RELEASED =
  "Your function called `release` on the client that it was given, which the SDK gives back by itself. Leave that out.";

/** A client with whatever it runs. */
export function connectionOf<Tx extends PgClient>(client: Tx): PostgresConnection<Tx> & Pick<TakenClient<Tx>, "tx"> {
  return { tx: client, run: async (statements) => answersIn(await client.query(statements.join(";\n"))) };
}

/** One result for one statement, a list for several. */
function answersIn(results: Result | readonly Result[]): readonly Answer[] {
  return [results].flat();
}
