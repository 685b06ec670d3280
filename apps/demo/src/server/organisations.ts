import type { Connection } from "./database/tables.ts";

export interface Organisation {
  readonly id: string;
  readonly name: string;
}

/** An organisation, and what the user is in it. */
export interface Membership {
  readonly organisation: Organisation;
  /** Whether one of the user's roles there may manage it. */
  readonly manages: boolean;
}

/** null where there is no such organisation, and where the user is no member of it: which of the two is nobody's business. */
export async function findMembership(connection: Connection, id: string, userId: string): Promise<Membership | null> {
  // PostgreSQL has no text with this character and would fail instead of finding nothing.
  if (id.includes("\0")) return null;
  const found = await connection
    .selectFrom("organization")
    .innerJoin("member", "member.organizationId", "organization.id")
    .select(["organization.id", "organization.name", "member.role"])
    .where("organization.id", "=", id)
    .where("member.userId", "=", userId)
    .executeTakeFirst();
  if (found === undefined) return null;
  const roles = found.role.split(",");
  return {
    organisation: { id: found.id, name: found.name },
    manages: roles.includes("owner") || roles.includes("admin"),
  };
}
