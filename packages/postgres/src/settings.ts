/** Settings and marks of one transaction. SET LOCAL alone: what a session is set to does not survive a pooler. */

/** Bounds the wait for a lock in a transaction of ours. */
export function bounded(ms: number): string {
  return `set local lock_timeout = ${ms}`;
}

/** What the connection, the role or the database says holds again. Cheaper than to ask for it first, as for a caller. */
export const UNBOUNDED = "set local lock_timeout to default";

/** Bounds the wait for a lock in a caller's transaction, and keeps the bound that there was. From left to right. */
export function boundedForCaller(ms: number): string {
  return `select set_config('entitlements.lock_timeout', current_setting('lock_timeout'), true),
    set_config('lock_timeout', '${ms}', true)`;
}

/** Puts the caller's bound back: SET LOCAL would outlive the savepoint. */
export const AS_BEFORE = "select set_config('lock_timeout', current_setting('entitlements.lock_timeout'), true)";

/** Marks a transaction of ours, before the host gets it. */
export const GUARD = "savepoint entitlements_transaction";

/** Fails where somebody has ended the marked transaction, also where another one is open in its place. */
export const SAME_TRANSACTION = "release savepoint entitlements_transaction";

/** Keeps what decides which rows a count finds, before a function of the host's may change it. */
export const BEGUN = `select set_config('entitlements.search_path', current_setting('search_path'), true),
    set_config('entitlements.role', current_setting('role'), true)`;

/** Puts that back, for the count behind the function. */
export const AS_BEGUN = `select set_config('role', current_setting('entitlements.role'), true),
    set_config('search_path', current_setting('entitlements.search_path'), true)`;
