import { type Scope, type Target, untilAborted } from "@x/entitlements-core/adapter";
import { isLockNotAvailable } from "./driver-errors.ts";
import { type Measured, momentSql } from "./measure.ts";
import { causeOf } from "./own-transaction.ts";
import { createRecent } from "./recent.ts";
import type { Session } from "./session.ts";
import type { Statements } from "./views.ts";

/** For how many organisations and resource types it is remembered that their lock can be shared. */
const REMEMBERED = 10_000;

/** Takes the lock of a scope, then measures. */
export interface Locking<Tx> {
  /**
   * `before` is sent in the same message, in front: what begins the transaction or makes the savepoint, and bounds the wait;
   * `after` behind the lock. `again` undoes both, to start once more.
   */
  lockAndMeasure(session: Session<Tx>, scope: Scope<Tx>, sent: Sent): Promise<Measured>;
  /** Remembers what was seen of the scope's targets, for the next guess. */
  remember(scope: Scope<Tx>, seen: Measured): void;
  /** Takes a guess back that was wrong. */
  forget(scope: Scope<Tx>): void;
  /** Whether the lock is likely to be shared, so that nobody has to stand in line for it. */
  isLikelyShared(scope: Scope<Tx>): boolean;
}

/** What the lock is sent between. */
export interface Sent {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly again: readonly string[];
}

/**
 * The anchors of what is unlimited, and of features, are locked by sharing them: their writers do not exclude each other, but
 * whoever changes the limit. Whether that will do is guessed from the last time and seen under the lock; a wrong guess starts again with the
 * exclusive lock. A shared one is never made exclusive in place: two that try it wait for each other for ever.
 */
export function createLocking<Tx>({ entitlements, measuring }: Statements): Locking<Tx> {
  const shareable = createRecent(REMEMBERED);

  function isLikelyShared({ orgId, targets, purpose }: Scope<Tx>): boolean {
    return purpose === "claim" && targets.every(({ resourceType }) => shareable.has(keyOf(orgId, resourceType)));
  }

  function remember(scope: Scope<Tx>, seen: Measured): void {
    for (const target of scope.targets) {
      const key = keyOf(scope.orgId, target.resourceType);
      // A change may be about to limit it.
      if (scope.purpose !== "change" && isShareable(seen, target)) shareable.add(key);
      else shareable.delete(key);
    }
  }

  function forget({ orgId, targets }: Scope<Tx>): void {
    for (const { resourceType } of targets) shareable.delete(keyOf(orgId, resourceType));
  }

  async function measured(session: Session<Tx>, scope: Scope<Tx>, lock: string, sent: Omit<Sent, "again">) {
    const counting = measuring.lockedSql(scope);
    try {
      const answers = await session.run([...sent.before, lock, ...sent.after, ...counting]);
      const anchors = answers[sent.before.length];
      const seen = await measuring.locked(session, scope, anchors, answers.slice(answers.length - counting.length));
      remember(scope, seen);
      // In a caller's transaction the wait is not cut short: its connection would still be busy with it.
      scope.signal.throwIfAborted();
      return { seen, anchors: anchors?.rows.length ?? 0 };
    } catch (error) {
      throw isLockNotAvailable(causeOf(error)) ? new LockWaitEnded(causeOf(error)) : error;
    }
  }

  return {
    isLikelyShared,
    remember,
    forget,
    async lockAndMeasure(session, scope, { before, after, again }) {
      const { orgId, targets } = scope;
      const types = targets.map(({ resourceType }) => resourceType);
      const now = momentSql(scope.clock);
      const guessed = isLikelyShared(scope);
      if (guessed) {
        const { seen, anchors } = await measured(session, scope, entitlements.share(orgId, types, now), {
          before,
          after,
        });
        if (anchors === types.length && targets.every((target) => isShareable(seen, target))) return seen;
        forget(scope);
      }
      const first = guessed ? [...again, ...before] : before;
      return (await measured(session, scope, entitlements.lock(orgId, types, now), { before: first, after })).seen;
    },
  };
}

/** Counts that nothing limits, and switches, which nothing counts. A counter's own update excludes others anyway. */
function isShareable<Tx>({ measures }: Measured, { resourceType, resource }: Target<Tx>): boolean {
  if (resource.kind === "counter") return false;
  return resource.kind === "feature" || (measures.get(resourceType)?.override?.limit ?? null) === null;
}

function keyOf(orgId: string, resourceType: string): string {
  return `${orgId}\0${resourceType}`;
}

/** The server gave up waiting for the lock, a little before the deadline, so that the connection is still of use. */
export class LockWaitEnded {
  readonly cause: unknown;

  constructor(cause: unknown) {
    this.cause = cause;
  }
}

/** Rejects with the deadline's own error as soon as it has passed. */
export function deadlinePassed(signal: AbortSignal): Promise<never> {
  return untilAborted(new Promise<never>(() => {}), signal);
}

/** What the server may wait for the lock. */
export function waitMs({ deadline }: Pick<Scope<never>, "deadline">): number {
  return Math.max(1, Math.floor((deadline - performance.now()) * 0.98));
}
