import type { TableName } from "@x/entitlements-core";
import { ConfigurationError } from "@x/entitlements-core/errors";

/**
 * Names of better-auth's tables and columns in the database, where they differ from its own: those of `modelName` and `fields`
 * in its `schema` option, or those that a Drizzle schema gives them.
 */
export interface SeatTables {
  readonly member?: Partial<MemberTable> | undefined;
  readonly invitation?: Partial<InvitationTable> | undefined;
  /** Only looked at for `excludeUsers` by a column. */
  readonly user?: Partial<UserTable> | undefined;
}

export interface MemberTable {
  readonly table: TableName;
  readonly organizationId: string;
  readonly userId: string;
  readonly role: string;
}

export interface InvitationTable {
  readonly table: TableName;
  readonly organizationId: string;
  readonly email: string;
  readonly role: string;
  readonly status: string;
  readonly expiresAt: string;
}

export interface UserTable {
  readonly table: TableName;
  readonly id: string;
}

const DEFAULTS: { readonly member: MemberTable; readonly invitation: InvitationTable; readonly user: UserTable } = {
  member: { table: "member", organizationId: "organizationId", userId: "userId", role: "role" },
  invitation: {
    ...{ table: "invitation", organizationId: "organizationId", email: "email" },
    ...{ role: "role", status: "status", expiresAt: "expiresAt" },
  },
  user: { table: "user", id: "id" },
};

/** better-auth's names with the host's over them. Throws a `ConfigurationError` on a misspelt one: it would be ignored. */
export function withDefaults(tables: SeatTables): typeof DEFAULTS {
  assertKnown("tables", tables, Object.keys(DEFAULTS));
  const { member, invitation, user } = tables;
  assertKnown("tables.member", member, Object.keys(DEFAULTS.member));
  assertKnown("tables.invitation", invitation, Object.keys(DEFAULTS.invitation));
  assertKnown("tables.user", user, Object.keys(DEFAULTS.user));
  return {
    member: { ...DEFAULTS.member, ...member },
    invitation: { ...DEFAULTS.invitation, ...invitation },
    user: { ...DEFAULTS.user, ...user },
  };
}

/** Throws a `ConfigurationError` where an object has a property that nobody reads. */
export function assertKnown(what: string, object: object | undefined, known: readonly string[]): void {
  const unknown = Object.keys(object ?? {}).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new ConfigurationError(`${what} has no property ${JSON.stringify(unknown)}. It takes: ${known.join(", ")}.`);
}
