import { insertApiKey } from "../api-keys.ts";
import { AUTH_PATH, type DemoAuth } from "../auth.ts";
import type { Connection, Tables } from "../database/tables.ts";
import type { DemoEntitlements } from "../entitlements.ts";
import { insertProject } from "../projects.ts";
import type { Scratch, ScratchClient } from "./scratch.ts";

/** Where something that is limited comes in. */
export const DOORS = ["project", "invite", "accept", "promote", "api-key"] as const;
export type DoorName = (typeof DOORS)[number];

/** A request as a page would send it. */
export interface DoorRequest {
  readonly path: string;
  readonly cookie: string;
  readonly body: object;
}

export interface Door {
  readonly resourceType: DemoEntitlements["resourceTypes"][number];
  /** The request of a client's that goes through the product. */
  request(scratch: Scratch, client: ScratchClient): DoorRequest;
  /** How many there are, counted in the tables. */
  count(connection: Connection, orgId: string): Promise<number>;
  /** Writes one more, and asks nothing. */
  write(unguarded: Unguarded, scratch: Scratch, client: ScratchClient): Promise<unknown>;
}

/** Storage without the entitlements around it. */
export interface Unguarded {
  readonly connection: Connection;
  readonly adapter: Awaited<DemoAuth["$context"]>["adapter"];
}

const HELD_MS = 60_000;

export const doors: { readonly [Name in DoorName]: Door } = {
  project: {
    resourceType: "quota:project",
    request: ({ id, cookie }, { name }) => ({ path: `/api/orgs/${id}/projects`, cookie, body: { name } }),
    count: (connection, orgId) => countRows(connection, "project", orgId),
    write: ({ connection }, { id }, { name }) => insertProject(connection, id, { name }),
  },
  "api-key": {
    resourceType: "quota:api_key",
    request: ({ id, cookie }, { name }) => ({ path: `/api/orgs/${id}/api-keys`, cookie, body: { name } }),
    count: (connection, orgId) => countRows(connection, "api_key", orgId),
    write: ({ connection }, { id }, { name }) => insertApiKey(connection, id, { name }),
  },
  invite: {
    resourceType: "seat:member",
    request: ({ id: organizationId, cookie }, { email }) => ({
      path: `${AUTH_PATH}/organization/invite-member`,
      cookie,
      body: { organizationId, email, role: "member" },
    }),
    count: (connection, orgId) => countMembers(connection, orgId, ["member"], true),
    write: ({ adapter }, { id: organizationId, ownerId: inviterId }, { email }) => {
      const now = new Date();
      const times = { createdAt: now, expiresAt: new Date(now.getTime() + HELD_MS) };
      const data = { organizationId, inviterId, email, role: "member", status: "pending", ...times };
      return adapter.create({ model: "invitation", data });
    },
  },
  accept: {
    resourceType: "seat:member",
    request: (_scratch, { cookie, invitationId }) => ({
      path: `${AUTH_PATH}/organization/accept-invitation`,
      cookie,
      body: { invitationId },
    }),
    count: (connection, orgId) => countMembers(connection, orgId, ["member"], false),
    write: ({ adapter }, { id: organizationId }, { userId }) =>
      adapter.create({ model: "member", data: { organizationId, userId, role: "member", createdAt: new Date() } }),
  },
  promote: {
    resourceType: "seat:admin",
    request: ({ id: organizationId, cookie }, { memberId }) => ({
      path: `${AUTH_PATH}/organization/update-member-role`,
      cookie,
      body: { organizationId, memberId, role: "admin" },
    }),
    count: (connection, orgId) => countMembers(connection, orgId, ["owner", "admin"], false),
    write: ({ connection }, _scratch, { memberId }) =>
      connection.updateTable("member").set({ role: "admin" }).where("id", "=", memberId).execute(),
  },
};

async function countRows(connection: Connection, table: keyof Tables & ("project" | "api_key"), orgId: string) {
  const counted = connection.selectFrom(table).select(({ fn }) => fn.countAll().as("count"));
  return Number((await counted.where("org_id", "=", orgId).executeTakeFirstOrThrow()).count);
}

/** One statement, since a count in two would be no count. */
async function countMembers(connection: Connection, orgId: string, roles: readonly string[], invited: boolean) {
  const counted = connection.selectNoFrom(({ selectFrom, lit }) => {
    const members = selectFrom("member").where("organizationId", "=", orgId).where("role", "in", roles);
    const invitations = selectFrom("invitation")
      .where("organizationId", "=", orgId)
      .where("status", "=", "pending")
      .where(lit(invited));
    return [
      members.select(({ fn }) => fn.countAll().as("count")).as("members"),
      invitations.select(({ fn }) => fn.countAll().as("count")).as("invitations"),
    ];
  });
  const { members, invitations } = await counted.executeTakeFirstOrThrow();
  return Number(members) + Number(invitations);
}
