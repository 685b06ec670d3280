/** Settings and marks of one transaction. SET LOCAL alone: what a session is set to does not survive a pooler. */
import type { PostgresRow } from "./bridge.ts";
import { literal } from "./sql/literal.ts";
import { text, unreadable } from "./sql/values.ts";

/** Bounds each wait for a lock in a transaction of ours. */
export function bounded(ms: number): string {
  return `set local lock_timeout = ${ms}`;
}

/** What the connection, the role or the database says holds again. Cheaper than to ask for it first, as for a caller. */
export const UNBOUNDED = "set local lock_timeout to default";

/** Bounds the next statement as a whole. `lock_timeout` begins anew with each of those who share a lock: they come and go faster than that. */
export function hurried(ms: number): string {
  return `set local statement_timeout = ${ms}`;
}

export const UNHURRIED = "set local statement_timeout to default";

/**
 * Bounds the wait for a lock in a caller's transaction, and keeps the bounds that there were; of two bounds on a statement the
 * shorter one holds. `sharing` is a condition: there a lock is not waited for at all. From left to right.
 */
export function boundedForCaller(ms: number, sharing: string): string {
  return `select set_config('entitlements.lock_timeout', current_setting('lock_timeout'), true),
    set_config('entitlements.statement_timeout', current_setting('statement_timeout'), true),
    set_config('lock_timeout', case when ${sharing} then '1' else '${ms}' end, true),
    set_config('statement_timeout', case when current_setting('statement_timeout')::interval between interval '1 ms' and interval '${ms} ms'
      then current_setting('statement_timeout') else '${ms}' end, true)`;
}

/** Puts the caller's bounds back: SET LOCAL would outlive the savepoint. */
export const AS_BEFORE = `select set_config('lock_timeout', current_setting('entitlements.lock_timeout'), true),
    set_config('statement_timeout', current_setting('entitlements.statement_timeout'), true)`;

/** Marks a transaction of ours, before the host gets it. */
export const GUARD = "savepoint entitlements_transaction";

/** Fails where somebody has ended the marked transaction, also where another one is open in its place. */
export const SAME_TRANSACTION = "release savepoint entitlements_transaction";

/**
 * Has the host's deferred constraints and triggers run now, with the settings that its function left. Nothing of the host's runs
 * in what follows, so those need not be put back, and what a trigger writes is counted.
 */
export const NOTHING_DEFERRED = "set constraints all immediate";

/** The role that our statements run with, and where unqualified tables are found: as they were before the host's function. */
export interface Begun {
  readonly role: string | null;
  readonly searchPath: string | null;
}

/** Asks for both. Kept here and not in a setting: RESET ALL would take that away. */
export const BEGUN = "select current_setting('search_path') as search_path, current_setting('role') as role";

export function begunIn(row: PostgresRow | undefined): Begun {
  return { role: text(row?.["role"]), searchPath: text(row?.["search_path"]) };
}

/** Puts both back, for the count behind the function. A temporary table that it made does not hide the one that is counted. */
export function asBegun({ role, searchPath }: Begun): string {
  if (role === null || searchPath === null) throw unreadable();
  const path = /\bpg_temp\b/.test(searchPath) ? searchPath : [searchPath, "pg_temp"].filter(Boolean).join(", ");
  return `select set_config('role', ${literal(role)}, true), set_config('search_path', ${literal(path)}, true)`;
}

/** What statements of ours behind a function of the host's are sent between. */
export interface Frame {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** At the end of a transaction of ours, where nothing is left to be put back for. */
export function atTheEnd(role: string | null, ms: number): Frame {
  const asRole = role === null ? [] : [`set local role ${literal(role)}`];
  return { before: [NOTHING_DEFERRED, ...asRole, bounded(ms)], after: [] };
}

/** Where code of the host's comes after them: with the role and the bound that it has now. */
export function inBetween(role: string | null, ms: number): Frame {
  const asRole = role === null ? "current_setting('role')" : literal(role);
  return {
    before: [
      `select set_config('entitlements.lock_timeout', current_setting('lock_timeout'), true),
    set_config('entitlements.role', current_setting('role'), true),
    set_config('lock_timeout', '${ms}', true), set_config('role', ${asRole}, true)`,
    ],
    after: [
      `select set_config('lock_timeout', current_setting('entitlements.lock_timeout'), true),
    set_config('role', current_setting('entitlements.role'), true)`,
    ],
  };
}
