import { counter, createEntitlements, type Entitlements, rows } from "@x/entitlements-core";
import { sqliteAdapter } from "@x/entitlements-sqlite";
import { fromLibsql } from "@x/entitlements-sqlite/libsql";
import { type Connection, connect, INSERT, type Synchronous } from "./file.ts";
import { type Sent, watched } from "./watched-bridge.ts";

const resources = {
  "quota:project": rows({ label: "Projects", table: "project", orgColumn: "org_id" }),
  "quota:credit": counter({ label: "Credits" }),
};

/** An application that limits the host's rows and a counter in a file. */
export interface Application {
  readonly entitlements: Entitlements<Connection, keyof typeof resources>;
  /** Enforces one project of the organisation. */
  enforce(orgId: string): Promise<void>;
  close(): Promise<void>;
}

/** `tell` hears of each statement that the adapter sends; without it nothing stands between adapter and driver. */
export function createApplication(
  path: string,
  synchronous: Synchronous = "normal",
  tell?: (sent: Sent) => void,
): Application {
  const bridge = fromLibsql(() => connect(path, synchronous));
  const adapter = sqliteAdapter(tell === undefined ? bridge : watched(bridge, tell));
  const entitlements = createEntitlements({ adapter, resources, lockTimeoutMs: 20_000 });
  return {
    entitlements,
    enforce: (orgId) =>
      entitlements.enforce({ orgId, resourceType: "quota:project" }, (tx) => void insertOn(tx).run(orgId)),
    close: () => adapter.close(),
  };
}

/** The host's insert, prepared once for each connection as it is by hand. */
const inserts = new WeakMap<Connection, ReturnType<Connection["prepare"]>>();

function insertOn(tx: Connection): ReturnType<Connection["prepare"]> {
  const known = inserts.get(tx);
  if (known !== undefined) return known;
  const insert = tx.prepare(INSERT);
  inserts.set(tx, insert);
  return insert;
}

/** Makes our tables, and gives each organisation a limit far above what it has. */
export async function limited({ entitlements }: Application, orgIds: readonly string[]): Promise<void> {
  await entitlements.migrate();
  for (const orgId of orgIds) {
    await entitlements.setLimit({ orgId, resourceType: "quota:project", limit: 1_000_000 });
    await entitlements.setLimit({ orgId, resourceType: "quota:credit", limit: 1_000_000 });
  }
}
