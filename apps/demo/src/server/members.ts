import type { Connection } from "./database/tables.ts";

/** Somebody of an organisation. */
export interface Member {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
  /** ISO-8601 UTC. */
  readonly createdAt: string;
}

/** An invitation that nobody has answered; it may have expired. */
export interface OpenInvitation {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  /** ISO-8601 UTC. */
  readonly expiresAt: string;
}

/** Every member, in the order of joining. */
export async function listMembers(connection: Connection, orgId: string): Promise<readonly Member[]> {
  const rows = await connection
    .selectFrom("member")
    .innerJoin("user", "user.id", "member.userId")
    .select(["member.id", "member.userId", "user.name", "user.email", "member.role", "member.createdAt"])
    .where("member.organizationId", "=", orgId)
    .orderBy("member.createdAt")
    .orderBy("user.name")
    .orderBy("member.id")
    .execute();
  return rows.map((row) => ({ ...row, createdAt: isoOf(row.createdAt) }));
}

/** The pending invitations, the one that ends first in front. */
export async function listOpenInvitations(connection: Connection, orgId: string): Promise<readonly OpenInvitation[]> {
  const rows = await connection
    .selectFrom("invitation")
    .select(["id", "email", "role", "expiresAt"])
    .where("organizationId", "=", orgId)
    .where("status", "=", "pending")
    .orderBy("expiresAt")
    .orderBy("id")
    .execute();
  return rows.map((row) => ({ ...row, expiresAt: isoOf(row.expiresAt) }));
}

function isoOf(time: string | Date): string {
  return new Date(time).toISOString();
}
