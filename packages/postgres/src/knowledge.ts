import type { Scope, Target } from "@x/entitlements-core/adapter";
import { TransactionConflictError } from "@x/entitlements-core/errors";
import type { Measured } from "./measure.ts";
import { createRecent } from "./recent.ts";

/** For how many organisations and resource types it is remembered whether their lock can be shared. */
const REMEMBERED = 10_000;

/** What was last seen of locks. Nothing depends on it but how long a call takes, and how often it is run. */
export interface Knowledge<Tx> {
  /** Whether the call could share what nothing limits. */
  mayShare(scope: Scope<Tx>): boolean;
  /** Whether the lock is likely to be shared, so that nobody has to stand in line for it. */
  isLikelyShared(scope: Scope<Tx>): boolean;
  /** Whether others are likely to share some of it. */
  hasSharers(scope: Scope<Tx>): boolean;
  /** Whether nobody is likely to share any of it, so that those who want it stand in a line that nobody passes. */
  isLimited(scope: Scope<Tx>): boolean;
  /** Remembers what was seen under the lock. */
  remember(scope: Scope<Tx>, seen: Measured): void;
  /** Remembers what nothing limits (true) or something does, of the anchors that there are. */
  found(scope: Scope<Tx>, unlimited: ReadonlyMap<string, boolean>): void;
  /** Takes back what was wrong. */
  forget(scope: Scope<Tx>): void;
  /**
   * The conflict of a call that needs alone what its transaction shares. Claims in callers' transactions take those locks alone
   * from now on, so that it does not come to that when the transaction is run again.
   */
  conflict(scope: Scope<Tx>): TransactionConflictError;
  /** Has a call of ours take its locks alone when it is run again, where such a conflict within its function ended it. */
  heed(scope: Scope<Tx>, error: unknown): void;
}

export function createKnowledge<Tx>(): Knowledge<Tx> {
  const shareable = createRecent(REMEMBERED);
  const limited = createRecent(REMEMBERED);
  const neededAlone = createRecent(REMEMBERED);
  const conflicts = new WeakSet<object>();
  const alone = new WeakSet<Scope<Tx>>();

  const keys = ({ orgId, targets }: Scope<Tx>): readonly string[] =>
    targets.map(({ resourceType }) => `${orgId}\0${resourceType}`);

  function mayShare(scope: Scope<Tx>): boolean {
    if (scope.purpose !== "claim" || alone.has(scope) || !scope.targets.every(canBeShared)) return false;
    return scope.tx === undefined || !keys(scope).some(neededAlone.has);
  }

  function note({ orgId }: Scope<Tx>, { resourceType }: Target<Tx>, isShareable: boolean | undefined): void {
    const key = `${orgId}\0${resourceType}`;
    shareable.delete(key);
    limited.delete(key);
    if (isShareable !== undefined) (isShareable ? shareable : limited).add(key);
  }

  return {
    mayShare,
    isLikelyShared: (scope) => mayShare(scope) && keys(scope).every(shareable.has),
    hasSharers: (scope) => keys(scope).some(shareable.has),
    isLimited: (scope) => scope.purpose === "claim" && keys(scope).every(limited.has),

    remember(scope, { measures }) {
      for (const target of scope.targets) {
        const limit = measures.get(target.resourceType)?.override?.limit ?? null;
        // A change may be about to limit it.
        note(scope, target, scope.purpose === "change" ? undefined : isShareable(target, limit === null));
      }
    },

    found(scope, unlimited) {
      for (const target of scope.targets) {
        const isUnlimited = unlimited.get(target.resourceType);
        note(scope, target, isUnlimited === undefined ? undefined : isShareable(target, isUnlimited));
      }
    },

    forget(scope) {
      for (const target of scope.targets) note(scope, target, undefined);
    },

    conflict(scope) {
      for (const key of keys(scope)) neededAlone.add(key);
      const error = new TransactionConflictError(
        `This transaction shares the lock of ${keys(scope).length === 1 ? "" : "one of "}${scope.targets.map(({ resourceType }) => resourceType).join(", ")} with others, because nothing limits it, and this call needs it alone. ` +
          "Waiting would end in a deadlock, so nothing of this call was written. Roll the transaction back and run it again: it takes the lock alone from the start then. " +
          "To avoid that, ask for everything in one call with `claims`, or call reserve, setLimit or what has an idempotency key first.",
      );
      conflicts.add(error);
      return error;
    },

    heed(scope, error) {
      if (typeof error === "object" && error !== null && conflicts.has(error)) alone.add(scope);
    },
  };
}

/** A counter's own update excludes others anyway. */
function canBeShared<Tx>({ resource }: Target<Tx>): boolean {
  return resource.kind !== "counter";
}

/** Counts that nothing limits, and switches, which nothing counts. */
function isShareable<Tx>(target: Target<Tx>, isUnlimited: boolean): boolean {
  return canBeShared(target) && (isUnlimited || target.resource.kind === "feature");
}
