/**
 * Settings of one transaction. SET LOCAL alone: what a session is set to does not survive a pooler. They are put back as they
 * were, whoever had set them: the role, the database, the session or a caller's transaction.
 */

/** Marks the transaction. */
export const MARKED = "set local entitlements.transaction = 'entitlements.transaction'";

/** Bounds the wait for a lock, keeps the bound that there was, and marks the transaction. From left to right. */
export function boundedWait(ms: number): string {
  return `select set_config('entitlements.lock_timeout', current_setting('lock_timeout'), true),
    set_config('entitlements.transaction', 'entitlements.transaction', true), set_config('lock_timeout', '${ms}', true)`;
}

/** Puts the bound back. */
export const BOUND_AS_BEFORE = "select set_config('lock_timeout', current_setting('entitlements.lock_timeout'), true)";

/** Fails with 42704 in any other transaction than the marked one: the mark, a setting's name, is gone with it. */
export const SAME_TRANSACTION = "select current_setting(current_setting('entitlements.transaction'))";
