import type { PostgresBridge } from "../bridge.ts";
import {
  assertDrizzleTransaction,
  begunByDrizzle,
  clientOf,
  type Drizzle,
  type DrizzleTransaction,
  onPool,
  setClient,
  wrongDriver,
} from "./drizzle-transaction.ts";
import { characterised, isEnd, lazyConnection, type Opened } from "./lazy.ts";
import {
  assertNotEnded,
  connectionOf,
  isPoolClient,
  type PgClient,
  type PgPool,
  type PgPoolClient,
  type TakenClient,
  takenClient,
  takenFrom,
} from "./pg-client.ts";

type Taken = TakenClient<PgPoolClient>;

/** Drizzle on a pool of `pg`. */
export function onPg<Tx extends DrizzleTransaction>(db: Drizzle<Tx, PgPool<PgPoolClient>>): PostgresBridge<Tx> {
  return {
    sendsCommit: true,
    join(tx) {
      assertDrizzleTransaction(tx);
      const client = clientOf(tx);
      if (!isClient(client)) throw wrongDriver();
      return { ...connectionOf(client), tx };
    },
    connect: async () =>
      lazyConnection({
        async begin(characteristics, signal) {
          assertNotEnded(db.$client);
          const { pool, taken } = watched(db.$client, signal);
          try {
            const tx = await begunByDrizzle(onPool(db, pool));
            return characterised(opened(tx, takenBy(tx, taken())), characteristics);
          } catch (error) {
            taken()?.destroy();
            throw error;
          }
        },
        async alone(statements, signal) {
          assertNotEnded(db.$client);
          const client = await takenUntil(db.$client, signal);
          try {
            const answers = await client.run(statements);
            await client.release();
            return answers;
          } catch (error) {
            client.destroy();
            throw error;
          }
        },
      }),
  };
}

/** A client that is destroyed where `signal` is aborted, or given back where it comes only then. */
async function takenUntil(pool: PgPool<PgPoolClient>, signal: AbortSignal): Promise<Taken> {
  const client = await takenFrom(pool);
  signal.addEventListener("abort", client.destroy);
  if (signal.aborted) await client.release();
  signal.throwIfAborted();
  return client;
}

/**
 * A pool for one transaction of Drizzle, which hears no client that is lost before BEGIN is answered, and gives none back whose
 * BEGIN has failed or is never answered.
 */
function watched(pool: PgPool<PgPoolClient>, signal: AbortSignal): { pool: object; taken: () => Taken | undefined } {
  let taken: Taken | undefined;
  const connect = async (): Promise<PgPoolClient> => {
    // Whatever the host has wrapped around Drizzle may begin again after a BEGIN that has failed.
    taken?.destroy();
    taken = await takenUntil(pool, signal);
    return taken.tx;
  };
  // Drizzle knows a pool by its prototype.
  return { pool: Object.create(pool, { connect: { value: connect } }), taken: () => taken };
}

/** What has been taken for a transaction, or what Drizzle has taken by itself, because the host has wrapped it. */
function takenBy(tx: DrizzleTransaction, taken: Taken | undefined): Taken {
  const client = clientOf(tx);
  if (taken !== undefined && taken.tx === client) return taken;
  if (!isPoolClient<PgPoolClient>(client)) throw wrongDriver();
  return takenClient(client);
}

function opened<Tx extends DrizzleTransaction>(tx: Tx, { run, release, destroy }: Taken): Opened<Tx> {
  let open = true;
  return {
    tx,
    isOpen: () => open,
    async run(statements) {
      const ends = isEnd(statements.at(-1));
      // Behind that its client is in no transaction, and then in the next caller's.
      if (ends) setClient(tx, OVER);
      const answers = await run(statements);
      if (ends) {
        open = false;
        await release();
      }
      return answers;
    },
    cut() {
      if (open) destroy();
      open = false;
    },
  };
}

const OVER: PgClient = {
  query: () => Promise.reject(new Error("The transaction is over: nothing more is sent in it.")),
};

function isClient(client: unknown): client is PgClient {
  const { query, exec }: { query?: unknown; exec?: unknown } = Object(client);
  return typeof query === "function" && exec === undefined;
}
