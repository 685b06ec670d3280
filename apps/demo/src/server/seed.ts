import { deleteApiKeys, insertApiKey } from "./api-keys.ts";
import { type AuthOptions, createAuth } from "./auth.ts";
import type { Database } from "./database/database.ts";
import type { Connection } from "./database/tables.ts";
import type { DemoEntitlements } from "./entitlements.ts";
import { emailOf, type PersonName, personId } from "./people.ts";
import { deleteProjects, insertProject } from "./projects.ts";

interface Seed {
  readonly id: string;
  readonly name: string;
  /** The owner first, who has invited the others. */
  readonly members: readonly (readonly [person: PersonName, role: "owner" | "admin" | "member"])[];
  /** Who is invited as a member, for a month. */
  readonly invited: readonly "ivan"[];
  readonly projects: readonly string[];
  readonly apiKeys: readonly string[];
  /** What is not named here is not limited. */
  readonly limits: { readonly [Type in DemoEntitlements["resourceTypes"][number]]?: number };
}

const INVITED_FOR_MS = 30 * 24 * 60 * 60 * 1_000;

const seeds: readonly Seed[] = [
  {
    id: "acme",
    name: "Acme",
    members: [
      ["olivia", "owner"],
      ["adam", "admin"],
      ["mia", "member"],
    ],
    invited: ["ivan"],
    projects: ["Website", "Mobile app", "Data warehouse", "Help centre"],
    apiKeys: ["Website"],
    limits: { "seat:admin": 2, "seat:member": 3, "quota:project": 5, "quota:api_key": 2, "feature:sso": 0 },
  },
  {
    id: "globex",
    name: "Globex",
    members: [
      ["olivia", "owner"],
      ["adam", "member"],
      ["mia", "admin"],
    ],
    invited: [],
    projects: ["Reactor", "Weather control", "Hammock district"],
    apiKeys: ["Control room", "Weather station", "Reactor sensors", "Backups"],
    limits: { "seat:admin": 5, "seat:member": 20, "quota:project": 50, "quota:api_key": 20, "feature:sso": 1 },
  },
  {
    id: "initech",
    name: "Initech",
    members: [
      ["olivia", "owner"],
      ["adam", "admin"],
      ["mia", "member"],
    ],
    invited: [],
    projects: ["TPS reports", "Printer fleet"],
    apiKeys: ["Printers", "TPS archive", "Payroll"],
    limits: {},
  },
];

/** Makes the operator and the organisations that are missing. What is there already is the user's and stays as it is. */
export async function seedOrganisations(
  transaction: Database["transaction"],
  entitlements: DemoEntitlements,
  auth: Omit<AuthOptions, "connection">,
): Promise<void> {
  await transaction(async (tx) => {
    // Of two demos that start at once, the second waits here until the first has committed.
    const missing = tx.insertInto("demo_setting").values({ name: "operator", value: emailOf("otto") });
    const made = await missing
      .onConflict((conflict) => conflict.doNothing())
      .returning("name")
      .executeTakeFirst();
    if (made !== undefined) await personId(createAuth({ ...auth, connection: tx, joins: true }), "otto");
  });
  for (const seed of seeds) {
    const { id, name } = seed;
    // One transaction for our rows and the limits: a crash leaves no organisation without its limits.
    await transaction(async (tx) => {
      // As above.
      const missing = tx.insertInto("organization").values({ id, name, slug: id, createdAt: new Date().toISOString() });
      const made = await missing
        .onConflict((conflict) => conflict.doNothing())
        .returning("id")
        .executeTakeFirst();
      if (made === undefined) return;
      await addPeople(tx, seed, auth);
      await fill(tx, entitlements, seed);
    });
  }
}

/** Brings projects, keys and limits back to where they started, of the organisations that may be, each in one transaction under its locks. */
export async function resetOrganisations(
  entitlements: DemoEntitlements,
  mayReset: (orgId: string) => Promise<boolean>,
): Promise<void> {
  for (const seed of seeds) {
    if (!(await mayReset(seed.id))) continue;
    await entitlements.enforce({ orgId: seed.id, claims: { "quota:project": 0, "quota:api_key": 0 } }, async (tx) => {
      await deleteProjects(tx, seed.id);
      await deleteApiKeys(tx, seed.id);
      await fill(tx, entitlements, seed);
    });
  }
}

/** Past the hooks: what the demo begins with is within its limits. */
async function addPeople(
  tx: Connection,
  { id: organizationId, members, invited }: Seed,
  options: Omit<AuthOptions, "connection">,
): Promise<void> {
  const auth = createAuth({ ...options, connection: tx, joins: true });
  const { adapter } = await auth.$context;
  const createdAt = new Date();
  let inviterId: string | undefined;
  for (const [person, role] of members) {
    const userId = await personId(auth, person);
    inviterId ??= userId;
    await adapter.create({ model: "member", data: { organizationId, userId, role, createdAt } });
  }
  for (const person of invited) {
    const expiresAt = new Date(createdAt.getTime() + INVITED_FOR_MS);
    const invitation = { organizationId, email: emailOf(person), role: "member", status: "pending", expiresAt };
    await adapter.create({ model: "invitation", data: { ...invitation, inviterId, createdAt } });
  }
}

async function fill(
  tx: Connection,
  entitlements: DemoEntitlements,
  { id: orgId, projects, apiKeys, limits }: Seed,
): Promise<void> {
  // Also where the organisation is new: one of the same id may have been deleted, which its limits and counts outlive.
  await entitlements.forget({ orgId, tx });
  for (const resourceType of entitlements.resourceTypes) {
    const limit = limits[resourceType];
    if (limit !== undefined) await entitlements.setLimit({ orgId, resourceType, limit, reason: "demo seed", tx });
  }
  await entitlements.consume({ orgId, resourceType: "quota:api_key", amount: apiKeys.length, tx });
  for (const name of apiKeys) await insertApiKey(tx, orgId, { name });
  const now = Date.now();
  for (const [index, name] of projects.entries())
    await insertProject(tx, orgId, { name, createdAt: new Date(now - (projects.length - index) * 60_000) });
}
