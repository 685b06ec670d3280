import type { SqliteBridge, SqliteConnection } from "@x/entitlements-sqlite";

/** One statement that the adapter sent. */
export interface Sent {
  readonly sql: string;
  readonly ms: number;
  readonly failed: boolean;
}

/** The same bridge, which tells of every statement sent over the adapter's own connections. */
export function watched<Tx extends object>(bridge: SqliteBridge<Tx>, tell: (sent: Sent) => void): SqliteBridge<Tx> {
  const timed = <T>(sql: string, send: () => T): T => {
    const began = performance.now();
    let failed = true;
    try {
      const answer = send();
      failed = false;
      return answer;
    } finally {
      tell({ sql, ms: performance.now() - began, failed });
    }
  };
  const watch = (connection: SqliteConnection<Tx>): SqliteConnection<Tx> => ({
    ...connection,
    exec: (sql) => timed(sql, () => connection.exec(sql)),
    all: (sql, params) => timed(sql, () => connection.all(sql, params)),
  });
  return { open: async () => watch(await bridge.open()), join: (tx) => watch(bridge.join(tx)) };
}
