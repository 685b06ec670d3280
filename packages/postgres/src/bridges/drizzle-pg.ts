import type { PostgresBridge } from "../bridge.ts";
import {
  assertDrizzleTransaction,
  begunByDrizzle,
  clientOf,
  type Drizzle,
  type DrizzleTransaction,
  onClient,
  wrongDriver,
} from "./drizzle-transaction.ts";
import { characterised, isEnd, lazyConnection, type Opened } from "./lazy.ts";
import {
  assertNotEnded,
  connectionOf,
  type PgClient,
  type PgPool,
  type PgPoolClient,
  type TakenClient,
  takenFrom,
} from "./pg-client.ts";

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
        async begin(characteristics) {
          assertNotEnded(db.$client);
          const client = await takenFrom(db.$client);
          try {
            const tx = await begunByDrizzle(onClient(db, client.tx));
            return characterised(opened(tx, client), characteristics);
          } catch (error) {
            client.destroy();
            throw error;
          }
        },
        async alone(statements) {
          assertNotEnded(db.$client);
          const client = await takenFrom(db.$client);
          try {
            return await client.run(statements);
          } finally {
            await client.release();
          }
        },
      }),
  };
}

function opened<Tx>(tx: Tx, { run, release, destroy }: TakenClient<PgPoolClient>): Opened<Tx> {
  let open = true;
  return {
    tx,
    isOpen: () => open,
    async run(statements) {
      const answers = await run(statements);
      if (isEnd(statements.at(-1))) {
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

function isClient(client: unknown): client is PgClient {
  const { query, exec }: { query?: unknown; exec?: unknown } = Object(client);
  return typeof query === "function" && exec === undefined;
}
