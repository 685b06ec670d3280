import type { Connection } from "./database/tables.ts";

export interface Organisation {
  readonly id: string;
  readonly name: string;
}

/** An organisation, and what a user is in it. */
export interface Membership extends Organisation {
  /** Of several, with commas between them. */
  readonly role: string;
  /** Whether one of the roles may manage it. */
  readonly manages: boolean;
}

/** null where there is no such organisation, and where the user is no member of it: which of the two is nobody's business. */
export async function findMembership(connection: Connection, id: string, userId: string): Promise<Membership | null> {
  // PostgreSQL has no text with this character and would fail instead of finding nothing.
  if (id.includes("\0")) return null;
  const found = await memberships(connection, userId).where("organization.id", "=", id).executeTakeFirst();
  return found === undefined ? null : membershipOf(found);
}

/** Every organisation of a user's, by name. */
export async function listMemberships(connection: Connection, userId: string): Promise<readonly Membership[]> {
  const sorted = memberships(connection, userId).orderBy("organization.name").orderBy("organization.id");
  return (await sorted.execute()).map(membershipOf);
}

function memberships(connection: Connection, userId: string) {
  return connection
    .selectFrom("organization")
    .innerJoin("member", "member.organizationId", "organization.id")
    .select(["organization.id", "organization.name", "member.role"])
    .where("member.userId", "=", userId);
}

function membershipOf(row: Omit<Membership, "manages">): Membership {
  const roles = row.role.split(",");
  return { ...row, manages: roles.includes("owner") || roles.includes("admin") };
}

/** Every organisation, by name. */
export async function listOrganisations(connection: Connection): Promise<readonly Organisation[]> {
  return organisations(connection).orderBy("name").orderBy("id").execute();
}

/** null where there is no such organisation. */
export async function findOrganisation(connection: Connection, id: string): Promise<Organisation | null> {
  if (id.includes("\0")) return null;
  return (await organisations(connection).where("id", "=", id).executeTakeFirst()) ?? null;
}

// Without the scratch of a race, which is nobody's organisation.
function organisations(connection: Connection) {
  return connection
    .selectFrom("organization")
    .select(["id", "name"])
    .where("id", "not in", (query) => query.selectFrom("race_run").select("id"));
}
