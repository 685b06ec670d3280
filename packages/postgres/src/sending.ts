import type { Scope } from "@x/entitlements-core/adapter";
import type { Announcement } from "./announcement.ts";
import { isLockNotAvailable } from "./driver-errors.ts";
import { type Sent, waitMs } from "./locking.ts";
import { BEGIN } from "./own-transaction.ts";
import type { Savepoint } from "./savepoint.ts";
import type { Session } from "./session.ts";
import { AS_BEFORE, bounded, boundedForCaller, GUARD, hurried, UNBOUNDED, UNHURRIED } from "./settings.ts";
import type { entitlementSql } from "./sql/entitlement.ts";

/** How a lock is asked for in a transaction of ours. */
export function inOwnTransaction<Tx>(session: Session<Tx>, scope: Scope<Tx>, announcement: Announcement<Tx>): Sent {
  let begun = false;
  const undo = (): readonly string[] => {
    const statements = begun ? ["rollback"] : [];
    begun = false;
    return statements;
  };
  return {
    begin() {
      const statements = [...undo(), BEGIN];
      begun = true;
      return statements;
    },
    undo,
    bounds: ({ ms, hurry }) =>
      hurry
        ? { before: [hurried(ms)], after: [UNHURRIED, GUARD] }
        : { before: [bounded(ms), hurried(ms)], after: [UNBOUNDED, UNHURRIED, GUARD] },
    announce: () => announcement.make(session, undo(), waitMs(scope)),
  };
}

/**
 * How it is asked for in a caller's. There nothing can be announced, since nothing is committed; and what the transaction shares
 * already is not waited for to have it alone, since another one that shares it may want the same. What it does not share is.
 */
export function inSavepointOf<Tx>(
  { orgId }: Pick<Scope<Tx>, "orgId">,
  { make, undo }: Pick<Savepoint, "make" | "undo">,
  { takeShared }: Pick<ReturnType<typeof entitlementSql>, "takeShared">,
): Sent {
  return {
    begin: make,
    undo,
    bounds({ ms }, alone) {
      const first = alone.length === 0 ? [] : [takeShared(orgId, alone)];
      return { before: [boundedForCaller(ms), ...first], after: [AS_BEFORE] };
    },
    // Every other wait is ended by the bound on its statement.
    isConflict: isLockNotAvailable,
  };
}
