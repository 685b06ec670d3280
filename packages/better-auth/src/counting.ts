import type { Seats } from "@x/entitlements-core";
import { quoteColumn, quoteTable, quoteText } from "./names.ts";
import type { MemberTable, UserTable } from "./tables.ts";

/**
 * Users that take no seat, such as service accounts: their ids, or the field of better-auth's `user` (one of its
 * `additionalFields`) that tells them, and the column where the database names it differently.
 */
export type ExcludedUsers =
  | readonly string[]
  | { readonly field: string; readonly value: string; readonly column?: string | undefined };

/** Who and what takes a seat. */
export interface Counting {
  readonly countPending: boolean;
  readonly excludeUsers: ExcludedUsers;
  /** For how long a seat is held for better-auth's write, in milliseconds. */
  readonly holdMs: number;
}

/** What `organizationSeats` counts; the hooks of the same seats ask here, so that the two always agree. */
const known = new WeakMap<object, Counting>();

export function remember(seats: Seats, counting: Counting): void {
  known.set(seats, counting);
}

/** How the seats are counted; null where `organizationSeats` was never called with them. */
export function countingOf(seats: object | undefined): Counting | null {
  return seats === undefined ? null : (known.get(seats) ?? null);
}

/** Whether the count leaves this user out. */
export function isExcluded(
  users: ExcludedUsers,
  user: { readonly id: string; readonly [field: string]: unknown },
): boolean {
  return "field" in users ? user[users.field] === users.value : users.includes(user.id);
}

/** The members that count, as a condition; null: all. */
export function countedMembers(users: ExcludedUsers, member: MemberTable, user: UserTable): string | null {
  const userId = quoteColumn(member.table, member.userId);
  if ("field" in users) {
    const column = quoteColumn(user.table, users.column ?? users.field);
    const ids = `select ${quoteColumn(user.table, user.id)} from ${quoteTable(user.table)} where ${column} = ${quoteText(users.value)}`;
    return `${userId} not in (${ids})`;
  }
  return users.length === 0 ? null : `cast(${userId} as text) not in (${users.map(quoteText).join(", ")})`;
}
