import { ConfigurationError } from "@x/entitlements-core/errors";
import type { Answer, PostgresBridge, PostgresConnection, PostgresRow } from "../bridge.ts";

interface Result {
  readonly command: string;
  readonly rows: readonly PostgresRow[];
}

/** What is used of a client of `pg`. */
interface Client {
  query(sql: string): Promise<Result | readonly Result[]>;
}

interface PoolClient extends Client {
  release(destroy?: boolean): void;
  on(event: "error", listener: (error: unknown) => void): unknown;
  removeListener(event: "error", listener: (error: unknown) => void): unknown;
}

interface Pool<Tx> {
  connect(): Promise<Tx>;
  readonly totalCount: number;
}

/** A pool of `pg`. Functions get its `PoolClient` as `tx`. */
export function fromPg<Tx extends PoolClient>(pool: Pool<Tx>): PostgresBridge<Tx> {
  if (typeof pool?.connect !== "function" || typeof pool.totalCount !== "number")
    throw new ConfigurationError("fromPg wants a Pool of pg: fromPg(new Pool({ connectionString })).");
  return {
    sendsCommit: true,
    join(client) {
      if (typeof client?.query !== "function" || "totalCount" in client)
        throw new ConfigurationError("`tx` must be the client that your transaction runs on, not the pool.");
      return connectionOf(client);
    },
    async connect() {
      const client = await pool.connect();
      // A connection that the server ends would otherwise crash the process. It says why once; what is sent later only hears
      // that the connection is gone.
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
    },
  };
}

function connectionOf<Tx extends Client>(client: Tx): PostgresConnection<Tx> {
  return { tx: client, run: async (statements) => answersIn(await client.query(statements.join(";\n"))) };
}

/** One result for one statement, a list for several. */
function answersIn(results: Result | readonly Result[]): readonly Answer[] {
  return [results].flat();
}
