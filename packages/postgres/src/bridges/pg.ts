import { ConfigurationError } from "@x/entitlements-core/errors";
import type { PostgresBridge } from "../bridge.ts";
import { assertNotEnded, connectionOf, isPgPool, type PgPool, type PgPoolClient, takenFrom } from "./pg-client.ts";

export type { PgClient, PgPool, PgPoolClient } from "./pg-client.ts";

/** A pool of `pg`. Functions get its `PoolClient` as `tx`. */
export function fromPg<Tx extends PgPoolClient>(pool: PgPool<Tx>): PostgresBridge<Tx> {
  if (!isPgPool(pool))
    throw new ConfigurationError("fromPg wants a Pool of pg: fromPg(new Pool({ connectionString })).");
  return {
    sendsCommit: true,
    join(client) {
      if (typeof client?.query !== "function" || typeof client.on !== "function" || "totalCount" in client)
        throw new ConfigurationError("`tx` must be the client that your transaction runs on, not the pool.");
      return connectionOf(client);
    },
    async connect() {
      assertNotEnded(pool);
      return takenFrom(pool);
    },
  };
}
