import { type Scope, untilAborted } from "@x/entitlements-core/adapter";
import { isLockNotAvailable } from "./driver-errors.ts";
import { type Measured, measuredIn, measureSql } from "./measure.ts";
import { causeOf } from "./own-transaction.ts";
import { createRecent } from "./recent.ts";
import type { Session } from "./session.ts";
import type { Statements } from "./views.ts";

/** For how many organisations and resource types it is remembered that nothing limits them. */
const REMEMBERED = 10_000;

/** Takes the lock of a scope, then measures. */
export interface Locking<Tx> {
  /**
   * `before` is sent in the same message, in front: what begins the transaction or makes the savepoint, and bounds the wait;
   * `after` behind the lock. `again` undoes both, to start once more.
   */
  lockAndMeasure(session: Session<Tx>, scope: Scope<Tx>, sent: Sent): Promise<Measured>;
  /** Whether the lock is likely to be shared, so that nobody has to stand in line for it. */
  isLikelyShared(scope: Scope<Tx>): boolean;
}

interface Sent {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly again: readonly string[];
}

/**
 * The anchors of what is unlimited are locked by sharing them: its writers do not exclude each other, but whoever introduces
 * a limit. Whether it is unlimited is guessed from the last time and seen under the lock; a wrong guess starts again with the
 * exclusive lock. A shared one is never made exclusive in place: two that try it wait for each other for ever.
 */
export function createLocking<Tx>({ names, entitlements }: Statements): Locking<Tx> {
  const unlimited = createRecent(REMEMBERED);

  function isLikelyShared({ orgId, targets, purpose }: Scope<Tx>): boolean {
    return (
      purpose === "claim" &&
      targets.every(
        ({ resourceType, resource }) => resource.kind !== "counter" && unlimited.has(keyOf(orgId, resourceType)),
      )
    );
  }

  async function measured(session: Session<Tx>, scope: Scope<Tx>, lock: string, sent: Omit<Sent, "again">) {
    const statements = [...sent.before, lock, ...sent.after, measureSql(names, scope)];
    try {
      const answers = await session.run(statements);
      const anchors = answers[sent.before.length];
      const seen = measuredIn(scope, anchors, answers.at(-1));
      for (const { resourceType } of scope.targets) {
        const key = keyOf(scope.orgId, resourceType);
        // A change may be about to limit it.
        if (scope.purpose !== "change" && isUnlimited(seen, resourceType)) unlimited.add(key);
        else unlimited.delete(key);
      }
      // In a caller's transaction the wait is not cut short: its connection would still be busy with it.
      scope.signal.throwIfAborted();
      return { seen, anchors: anchors?.rows.length ?? 0 };
    } catch (error) {
      throw isLockNotAvailable(causeOf(error)) ? new LockWaitEnded(error) : error;
    }
  }

  return {
    isLikelyShared,
    async lockAndMeasure(session, scope, { before, after, again }) {
      const { orgId, targets } = scope;
      const types = targets.map(({ resourceType }) => resourceType);
      const guessed = isLikelyShared(scope);
      if (guessed) {
        const { seen, anchors } = await measured(session, scope, entitlements.share(orgId, types), { before, after });
        if (anchors === types.length && types.every((type) => isUnlimited(seen, type))) return seen;
        for (const type of types) unlimited.delete(keyOf(orgId, type));
      }
      const first = guessed ? [...again, ...before] : before;
      return (await measured(session, scope, entitlements.lock(orgId, types), { before: first, after })).seen;
    },
  };
}

function isUnlimited({ measures }: Measured, resourceType: string): boolean {
  return (measures.get(resourceType)?.override?.limit ?? null) === null;
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
