import type { PostgresBridge } from "../bridge.ts";
import {
  assertDrizzleTransaction,
  begunByDrizzle,
  clientOf,
  type Drizzle,
  type DrizzleTransaction,
  wrongDriver,
} from "./drizzle-transaction.ts";
import { characterised, isEnd, lazyConnection, type Opened } from "./lazy.ts";
import { assertNotEnded, connectionOf, type PgClient, type PgPool, type PgPoolClient, takenClient } from "./pg.ts";

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
          const tx = await begunByDrizzle(db);
          const client = clientOf(tx);
          if (!isPoolClient(client)) throw wrongDriver();
          return characterised(opened(tx, client), characteristics);
        },
        async alone(statements) {
          assertNotEnded(db.$client);
          const client = takenClient(await db.$client.connect());
          try {
            return await client.run(statements);
          } finally {
            await client.release();
          }
        },
      }),
  };
}

function opened<Tx>(tx: Tx, client: PgPoolClient): Opened<Tx> {
  const { run, release, destroy } = takenClient(client);
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

function isPoolClient(client: unknown): client is PgPoolClient {
  return isClient(client) && "release" in client && "removeListener" in client;
}
