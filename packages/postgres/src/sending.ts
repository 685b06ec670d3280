import type { Scope } from "@x/entitlements-core/adapter";
import type { Announcement } from "./announcement.ts";
import { type Locking, type Sent, typesOf, waitMs } from "./locking.ts";
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
        : { before: [bounded(ms)], after: [UNBOUNDED, GUARD] },
    announce: () => announcement.make(session, undo(), waitMs(scope)),
  };
}

/**
 * How it is asked for in a caller's. There nothing can be announced, since nothing is committed; and what the transaction shares
 * already is not waited for to have it alone, since another one that shares it may want the same.
 */
export function inSavepointOf<Tx>(
  session: Session<Tx>,
  scope: Scope<Tx>,
  { make, undo }: Pick<Savepoint, "make" | "undo">,
  { isSharing }: Pick<ReturnType<typeof entitlementSql>, "isSharing">,
  { conflict }: Pick<Locking<Tx>, "conflict">,
): Sent {
  const { orgId } = scope;
  return {
    begin: make,
    undo,
    bounds({ ms }, alone) {
      const sharing = alone.length === 0 ? "false" : isSharing(orgId, alone);
      return { before: [boundedForCaller(ms, sharing)], after: [AS_BEFORE] };
    },
    async refused() {
      const asked = `select ${isSharing(orgId, typesOf(scope))}::int as sharing`;
      const answers = await session.run([...undo(), asked]);
      return Number(answers.at(-1)?.rows[0]?.["sharing"]) === 1 ? conflict(scope) : null;
    },
  };
}
