import { counter, createEntitlements, type Entitlements, rows } from "@x/entitlements-core";
import { postgresAdapter } from "@x/entitlements-postgres";
import { fromPg } from "@x/entitlements-postgres/pg";
import type { Pool, PoolClient } from "pg";
import { byCallers } from "../callers.ts";
import { INSERT } from "./database.ts";

const resources = {
  "quota:project": rows({ label: "Projects", table: "project", orgColumn: "org_id" }),
  "quota:credit": counter({ label: "Credits" }),
};

/** An application that limits the host's rows and a counter. */
export interface Application {
  readonly entitlements: Entitlements<PoolClient, keyof typeof resources>;
  /** Enforces one project of the organisation, limited by its rows. */
  enforce(orgId: string): Promise<void>;
  /** The same, with the lock taken after the write, in the message that commits. */
  enforceAtCommit(orgId: string): Promise<void>;
  /** The same write, limited by a counter. */
  enforceCounter(orgId: string): Promise<void>;
  close(): Promise<void>;
}

export function createApplication(pool: Pool): Application {
  const adapter = postgresAdapter(fromPg<PoolClient>(pool));
  const entitlements = createEntitlements({ adapter, resources, lockTimeoutMs: 20_000 });
  const enforced =
    (resourceType: keyof typeof resources, locking: "before" | "at-commit" = "before") =>
    (orgId: string) =>
      entitlements.enforce({ orgId, resourceType, locking }, async (tx) => void (await tx.query(INSERT, [orgId])));
  return {
    entitlements,
    enforce: enforced("quota:project"),
    enforceAtCommit: enforced("quota:project", "at-commit"),
    enforceCounter: enforced("quota:credit"),
    close: () => adapter.close(),
  };
}

/** Makes our tables, and gives each organisation a limit, far above what it has unless one is given. */
export async function limited(
  { entitlements }: Pick<Application, "entitlements">,
  orgIds: readonly string[],
  limit = 1_000_000,
): Promise<void> {
  await entitlements.migrate();
  await byCallers(10, orgIds.length, async (index) => {
    const orgId = orgIds[index] ?? "";
    await entitlements.setLimit({ orgId, resourceType: "quota:project", limit });
    await entitlements.setLimit({ orgId, resourceType: "quota:credit", limit });
  });
}
