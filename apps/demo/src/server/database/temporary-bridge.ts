import { fromPg } from "@x/entitlements-postgres/pg";
import { Kysely, PostgresDialect } from "kysely";
import type pg from "pg";
import type { Tables } from "./tables.ts";

const kyselyOf = new WeakMap<pg.PoolClient, Kysely<Tables>>();
export function fromKysely(pool: pg.Pool) {
  const bridge = fromPg<pg.PoolClient>(pool);
  return {
    sendsCommit: false,
    async connect() {
      const own = await bridge.connect();
      return { ...own, tx: wrap(own.tx) };
    },
    join(tx: Kysely<Tables>) {
      return {
        tx,
        run: async (statements: readonly string[]) => {
          const answers = [];
          for (const s of statements) {
            const r = await tx.executeQuery({
              sql: s,
              parameters: [],
              query: { kind: "RawNode", sqlFragments: [s], parameters: [] },
              queryId: { queryId: "x" },
            } as never);
            answers.push({ rows: r.rows as never, command: null });
          }
          return answers;
        },
      };
    },
  };
}
function wrap(client: pg.PoolClient): Kysely<Tables> {
  const known = kyselyOf.get(client);
  if (known) return known;
  const release = () => {};
  const made = new Kysely<Tables>({
    dialect: new PostgresDialect({
      pool: { connect: async () => ({ query: client.query.bind(client), release }) as never, end: async () => {} },
    }),
  });
  kyselyOf.set(client, made);
  return made;
}
