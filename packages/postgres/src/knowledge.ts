import type { Scope, Target } from "@x/entitlements-core/adapter";
import { TransactionConflictError } from "@x/entitlements-core/errors";
import type { Measured } from "./measure.ts";
import { createNeeds, type Needs } from "./needs.ts";
import { createRecent } from "./recent.ts";

/** For how many organisations and resource types it is remembered whether their lock can be shared. */
const REMEMBERED = 10_000;

/** Within how much of its end a call may not be run again any more, in milliseconds. */
const RERUN_MS = 100;

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
   * The conflict of a call that needs alone what its transaction shares. Claims in open transactions take those locks alone for a
   * while, until such a call gets them, so that it does not come to that when the transaction is run again.
   */
  conflict(scope: Scope<Tx>): TransactionConflictError;
  /**
   * Has a call of ours take its locks alone when it is run again, where such a conflict within its function ended it; by the host,
   * too, where its time is over and we do not.
   */
  heed(scope: Scope<Tx>, error: unknown): void;
  /** Lets a claim share again that could not have alone what such a conflict has it take alone. */
  relent(scope: Scope<Tx>): void;
}

/** The conflicts of all adapters: a call of one may run into that of another in the same transaction. */
const conflicts = new WeakSet<object>();

export function createKnowledge<Tx>(): Knowledge<Tx> {
  const shareable = createRecent(REMEMBERED);
  const limited = createRecent(REMEMBERED);
  const needed = { inOwn: createNeeds(REMEMBERED), inOpen: createNeeds(REMEMBERED) };
  const alone = new WeakSet<Scope<Tx>>();

  const keys = ({ orgId, targets }: Scope<Tx>): readonly string[] =>
    targets.map(({ resourceType }) => `${orgId}\0${resourceType}`);

  function mayShare(scope: Scope<Tx>): boolean {
    if (scope.purpose !== "claim" || alone.has(scope) || !scope.targets.every(canBeShared)) return false;
    return !keys(scope).some((scope.tx === undefined ? needed.inOwn : needed.inOpen).has);
  }

  function each(scope: Scope<Tx>, what: (needs: Needs, key: string) => void): void {
    for (const key of keys(scope)) for (const needs of Object.values(needed)) what(needs, key);
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
      // Such a call has got what it needed: those after it may share again.
      const needsAlone = scope.purpose !== "claim" || !scope.targets.every(canBeShared);
      if (scope.tx !== undefined && needsAlone) each(scope, (needs, key) => needs.met(key));
      for (const target of scope.targets) {
        // A change may be about to limit it.
        note(
          scope,
          target,
          scope.purpose === "change" ? undefined : isShareable(target, isUnlimited(target, measures)),
        );
      }
    },

    found(scope, unlimited) {
      for (const target of scope.targets) {
        const was = unlimited.get(target.resourceType);
        note(scope, target, was === undefined ? undefined : isShareable(target, was));
      }
    },

    forget(scope) {
      for (const target of scope.targets) note(scope, target, undefined);
    },

    conflict(scope) {
      for (const key of keys(scope)) needed.inOpen.add(key);
      const error = new TransactionConflictError(
        `This transaction shares the lock of ${keys(scope).length === 1 ? "" : "one of "}${scope.targets.map(({ resourceType }) => resourceType).join(", ")} with others, because nothing limits it, and this call needs it alone. ` +
          "Waiting would end in a deadlock, so nothing of this call was written. Roll the transaction back and run it again within a few seconds: it takes the lock alone from the start then. " +
          "To avoid that, ask for everything in one call with `claims`, or call reserve, setLimit or what has an idempotency key first.",
      );
      conflicts.add(error);
      return error;
    },

    heed(scope, error) {
      if (typeof error !== "object" || error === null || !conflicts.has(error)) return;
      alone.add(scope);
      if (performance.now() + RERUN_MS < scope.deadline) return;
      for (const key of keys(scope)) needed.inOwn.add(key);
    },

    relent(scope) {
      if (scope.purpose === "claim") each(scope, (needs, key) => needs.drop(key));
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

function isUnlimited<Tx>({ resourceType }: Target<Tx>, measures: Measured["measures"]): boolean {
  return (measures.get(resourceType)?.override?.limit ?? null) === null;
}

/** Whether sharing the anchors will do, by what was seen under their lock. */
export function isAllShareable<Tx>({ targets }: Pick<Scope<Tx>, "targets">, { measures }: Measured): boolean {
  return targets.every((target) => isShareable(target, isUnlimited(target, measures)));
}
