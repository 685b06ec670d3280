import { untilAborted } from "./abort.ts";
import type { Locked, Scope, Snapshot, Target } from "./adapter.ts";
import { startDeadline } from "./deadline.ts";
import { isTransactionConflictError } from "./errors.ts";
import { type Instance, inLockOrder } from "./instance.ts";
import { nested, type Within } from "./nesting.ts";

/** What one call to the storage is about. */
export interface Call<Tx, Purpose extends Scope<Tx>["purpose"] = Scope<Tx>["purpose"]> {
  readonly orgId: string;
  readonly targets: readonly Target<Tx>[];
  readonly purpose: Purpose;
  readonly tx?: Tx | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How the work under the lock ends: its writes are committed, or undone and the call rejects with `error`. */
export type Outcome<T> =
  | { readonly commit: true; readonly value: T }
  | { readonly commit: false; readonly error: unknown };

/** What the work under the lock is told beside what was measured. */
export interface Run<Tx> extends Pick<Within<Tx>, "afterCommit"> {
  /** 1, or more where the transaction had to be repeated. */
  readonly attempt: number;
}

const MAX_ATTEMPTS = 10;

/** The conflict that each transaction has run into by a call that joined it. */
const conflicts = new WeakMap<object, unknown>();

/**
 * Runs `work` under the lock of the call's targets. Where the transaction is our own and the database could not
 * serialise it, it is run again with jitter, at most ten times and until the deadline (L9 of the locking contract).
 */
export function runLocked<Tx, T>(
  instance: Instance<Tx>,
  call: Call<Tx, "claim" | "record" | "change">,
  work: (locked: Locked<Tx>, run: Run<Tx>) => Promise<Outcome<T>>,
): Promise<T> {
  return runWriting(instance, call, (scope, inside) => instance.adapter.locked(scope, inside), work);
}

/** The same for whatever else writes: `take` opens the transaction. */
export function runWriting<Tx, T, View extends { readonly tx: Tx }>(
  instance: Instance<Tx>,
  call: Call<Tx, "claim" | "record" | "change">,
  take: (scope: Scope<Tx>, inside: (view: View) => Promise<Outcome<T>>) => Promise<Outcome<T>>,
  work: (view: View, run: Run<Tx>) => Promise<Outcome<T>>,
): Promise<T> {
  return nested({ adapter: instance.adapter, tx: call.tx }, async ({ enter, afterCommit }) => {
    const deadline = startDeadline(call.orgId, instance.timeouts, call.signal);
    const scope = scopeOf(instance, call, deadline.signal, deadline.at);
    /** What `work` threw: a conflict among it is one of another transaction, unless a call in this one met it. */
    let thrown: unknown;
    const attemptOnce = (attempt: number): Promise<Outcome<T>> => {
      // A lock that is had without waiting would otherwise never ask.
      deadline.signal.throwIfAborted();
      return take(scope, async (locked) => {
        deadline.held();
        try {
          return await enter(locked.tx, () => work(locked, { attempt, afterCommit }));
        } catch (error) {
          if (!isObject(locked.tx) || conflicts.get(locked.tx) !== error) thrown = error;
          throw error;
        }
      });
    };
    try {
      for (let attempt = 1; ; attempt++) {
        try {
          const outcome = await attemptOnce(attempt);
          if (outcome.commit) return outcome.value;
          throw outcome.error;
        } catch (error) {
          const conflict = error !== thrown && isTransactionConflictError(error);
          if (conflict && isObject(call.tx)) conflicts.set(call.tx, error);
          const again = call.tx === undefined && attempt < MAX_ATTEMPTS && performance.now() < deadline.at;
          if (!again || !conflict) throw error;
        }
        deadline.waiting();
        await untilAborted(new Promise((resume) => setTimeout(resume, Math.random() * 2 ** attempt)), deadline.signal);
      }
    } finally {
      deadline.clear();
    }
  });
}

/** Reads in one snapshot, without a lock. */
export function runRead<Tx, T>(
  instance: Instance<Tx>,
  call: Call<Tx, "usage" | "limits">,
  work: (snapshot: Snapshot<Tx>) => Promise<T>,
): Promise<T> {
  return nested({ adapter: instance.adapter, tx: call.tx, reads: true }, async ({ enter }) => {
    const deadline = startDeadline(call.orgId, instance.timeouts, call.signal, { reads: true });
    try {
      return await instance.adapter.read(scopeOf(instance, call, deadline.signal, deadline.at), (snapshot) => {
        deadline.held();
        return enter(snapshot.tx, () => work(snapshot));
      });
    } finally {
      deadline.clear();
    }
  });
}

function scopeOf<Tx>(
  instance: Instance<Tx>,
  { orgId, targets, purpose, tx }: Call<Tx>,
  signal: AbortSignal,
  deadline: number,
): Scope<Tx> {
  return { orgId, targets: inLockOrder(targets), purpose, tx, signal, deadline, clock: instance.clock };
}

function isObject(value: unknown): value is object {
  // Some drivers' transactions are functions.
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
