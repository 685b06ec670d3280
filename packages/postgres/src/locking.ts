import { type Scope, untilAborted } from "@x/entitlements-core/adapter";
import { isCancelled, isLockNotAvailable } from "./driver-errors.ts";
import { createKnowledge, type Knowledge } from "./knowledge.ts";
import { type Measured, momentSql } from "./measure.ts";
import { causeOf } from "./own-transaction.ts";
import type { Session } from "./session.ts";
import type { Statements } from "./views.ts";

/** How long a lock is waited for alone before it is asked whether others share it, in milliseconds. */
export const SOON_MS = 100;

/** Takes the lock of a scope, then measures. */
export interface Locking<Tx> extends Knowledge<Tx> {
  lockAndMeasure(session: Session<Tx>, scope: Scope<Tx>, sent: Sent): Promise<Measured>;
}

/** How long the server is to wait: for one lock after the other, or with `hurry` for all of them together. */
interface Wait {
  readonly ms: number;
  readonly hurry: boolean;
}

/** What the lock is sent between, in one message. */
export interface Sent {
  /** Begins the transaction or makes the savepoint; where that was done before, undoes it first. */
  begin(): readonly string[];
  /** Undoes what was begun. */
  undo(): readonly string[];
  /** What bounds the wait, and what takes the bound away; `types`: whose lock is taken alone. */
  bounds(
    wait: Wait,
    types: readonly string[],
  ): { readonly before: readonly string[]; readonly after: readonly string[] };
  /** Says that somebody waits to have the lock alone. */
  announce?(): Promise<void>;
  /** What it is to be reported as that the server did not wait; null: it did. */
  refused?(): Promise<Error | null>;
}

/**
 * The anchors of what is unlimited, and of features, are locked by sharing them: their writers do not exclude each other, but
 * whoever changes the limit. Whether that will do is guessed from the last time and seen under the lock; a wrong guess starts again with the
 * exclusive lock. A shared one is never waited for to be exclusive in place: two that try it wait for each other for ever.
 *
 * PostgreSQL lets those who share a row in past one who waits to have it alone, so with writers that never pause he would wait
 * for ever. Whoever has waited a while therefore looks whether he may share it as well, else says that he waits (`announce`), if he
 * can: nobody shares it then, and those who want it stand behind him.
 */
export function createLocking<Tx>({ entitlements, measuring }: Statements): Locking<Tx> {
  const knowledge = createKnowledge<Tx>();

  async function locked(session: Session<Tx>, scope: Scope<Tx>, lock: string, sent: Sent, way: Way) {
    const { before, after } = sent.bounds(way.wait, way.alone);
    const counting = measuring.lockedSql(scope);
    const inFront = [...sent.begin(), ...before];
    const sentAt = performance.now();
    try {
      const answers = await session.run([...inFront, lock, ...after, ...counting]);
      const anchors = answers[inFront.length];
      const seen = await measuring.locked(session, scope, anchors, answers.slice(answers.length - counting.length));
      knowledge.remember(scope, seen);
      // In a caller's transaction the wait is not cut short: its connection would still be busy with it.
      scope.signal.throwIfAborted();
      return { seen, anchors: anchors?.rows.length ?? 0 };
    } catch (error) {
      const cause = causeOf(error);
      const refused = isLockNotAvailable(cause) ? await sent.refused?.() : null;
      if (refused) throw refused;
      // Not what somebody else has cancelled, nor a shorter bound of the host's.
      const isOver = isCancelled(cause) && performance.now() - sentAt >= way.wait.ms;
      if (!isOver && !isLockNotAvailable(cause)) throw error;
      // Whatever was known of it has not helped.
      knowledge.forget(scope);
      throw new LockWaitEnded(cause);
    }
  }

  /** Null where it cannot be shared. */
  async function shared(session: Session<Tx>, scope: Scope<Tx>, sent: Sent) {
    const types = typesOf(scope);
    const share = entitlements.share(scope.orgId, types, momentSql(scope.clock));
    const way = { wait: { ms: waitMs(scope), hurry: false }, alone: [] };
    const { seen, anchors } = await locked(session, scope, share, sent, way);
    // Where one is missing, or somebody waits for it, nothing is known of that one.
    if (anchors < types.length) knowledge.forget(scope);
    return knowledge.isLikelyShared(scope) ? seen : null;
  }

  async function alone(session: Session<Tx>, scope: Scope<Tx>, sent: Sent, wait: Wait) {
    const types = typesOf(scope);
    const lock = entitlements.lock(scope.orgId, types, momentSql(scope.clock));
    return (await locked(session, scope, lock, sent, { wait, alone: types })).seen;
  }

  /** Looks whether all of it may be shared by now, and remembers that. */
  async function look(session: Session<Tx>, scope: Scope<Tx>, sent: Sent): Promise<void> {
    const statement = entitlements.unlimited(scope.orgId, typesOf(scope), momentSql(scope.clock));
    const answers = await session.run([...sent.undo(), statement]);
    const rows = answers.at(-1)?.rows ?? [];
    const unlimited = rows.map((row) => [String(row["resource_type"]), Number(row["unlimited"]) !== 0] as const);
    knowledge.found(scope, new Map(unlimited));
  }

  return {
    ...knowledge,
    async lockAndMeasure(session, scope, sent) {
      for (let soon = SOON_MS; ; soon *= 2) {
        const shares = knowledge.isLikelyShared(scope) ? await shared(session, scope, sent) : null;
        if (shares !== null) return shares;
        if (soon >= waitMs(scope) || knowledge.isLimited(scope)) break;
        try {
          return await alone(session, scope, sent, { ms: soon, hurry: true });
        } catch (error) {
          if (!(error instanceof LockWaitEnded)) throw error;
        }
        if (knowledge.mayShare(scope)) await look(session, scope, sent);
        // Whom another one's announcement keeps from sharing waits for his end, and announces nothing.
        if (knowledge.isLikelyShared(scope)) continue;
        await sent.announce?.();
        break;
      }
      return alone(session, scope, sent, { ms: waitMs(scope), hurry: false });
    },
  };
}

/** How one message takes the lock. */
interface Way {
  readonly wait: Wait;
  /** What is locked alone. */
  readonly alone: readonly string[];
}

export function typesOf({ targets }: Pick<Scope<never>, "targets">): readonly string[] {
  return targets.map(({ resourceType }) => resourceType);
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
