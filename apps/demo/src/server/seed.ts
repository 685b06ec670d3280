import type { Database } from "./database/database.ts";
import type { Connection } from "./database/tables.ts";
import type { DemoEntitlements } from "./entitlements.ts";
import { deleteProjects, insertProject } from "./projects.ts";

interface Seed {
  readonly id: string;
  readonly name: string;
  readonly projects: readonly string[];
  readonly apiKeys: number;
  /** What is not named here is not limited. */
  readonly limits: { readonly [Type in DemoEntitlements["resourceTypes"][number]]?: number };
}

const seeds: readonly Seed[] = [
  {
    id: "acme",
    name: "Acme",
    projects: ["Website", "Mobile app", "Data warehouse", "Help centre"],
    apiKeys: 1,
    limits: { "quota:project": 5, "quota:api_key": 2, "feature:sso": 0 },
  },
  {
    id: "globex",
    name: "Globex",
    projects: ["Reactor", "Weather control", "Hammock district"],
    apiKeys: 4,
    limits: { "quota:project": 50, "quota:api_key": 20, "feature:sso": 1 },
  },
  { id: "initech", name: "Initech", projects: ["TPS reports", "Printer fleet"], apiKeys: 3, limits: {} },
];

/** Makes the organisations that are missing. What is there already is the user's and stays as it is. */
export async function seedOrganisations(
  transaction: Database["transaction"],
  entitlements: DemoEntitlements,
): Promise<void> {
  for (const seed of seeds) {
    const { id, name } = seed;
    // One transaction for our rows and the limits: a crash leaves no organisation without its limits.
    await transaction(async (tx) => {
      // Of two demos that start at once, the second waits here until the first has committed.
      const missing = tx.insertInto("organisation").values({ id, name });
      const made = await missing
        .onConflict((conflict) => conflict.doNothing())
        .returning("id")
        .executeTakeFirst();
      if (made !== undefined) await fill(tx, entitlements, seed);
    });
  }
}

/** Brings every organisation back to where it started, each in one transaction under its lock. */
export async function resetOrganisations(entitlements: DemoEntitlements): Promise<void> {
  for (const seed of seeds) {
    await entitlements.enforce({ orgId: seed.id, claims: { "quota:project": 0 } }, async (tx) => {
      await deleteProjects(tx, seed.id);
      await entitlements.forget({ orgId: seed.id, tx });
      await fill(tx, entitlements, seed);
    });
  }
}

async function fill(
  tx: Connection,
  entitlements: DemoEntitlements,
  { id: orgId, projects, apiKeys, limits }: Seed,
): Promise<void> {
  for (const resourceType of entitlements.resourceTypes) {
    const limit = limits[resourceType];
    if (limit !== undefined) await entitlements.setLimit({ orgId, resourceType, limit, reason: "demo seed", tx });
  }
  await entitlements.consume({ orgId, resourceType: "quota:api_key", amount: apiKeys, tx });
  const now = Date.now();
  for (const [index, name] of projects.entries())
    await insertProject(tx, orgId, { name, createdAt: new Date(now - (projects.length - index) * 60_000) });
}
