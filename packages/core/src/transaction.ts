import { untilAborted } from "./abort.ts";
import type { Locked, Scope, Snapshot, Target } from "./adapter.ts";
import { startDeadline } from "./deadline.ts";
import { isTransactionConflictError } from "./errors.ts";
import { type Instance, inLockOrder } from "./instance.ts";
import { nested } from "./nesting.ts";

/** What one call to the storage is about. */
export interface Call<Tx> {
  readonly orgId: string;
  readonly targets: readonly Target<Tx>[];
  readonly tx?: Tx | undefined;
  readonly signal?: AbortSignal | undefined;
}

const MAX_ATTEMPTS = 10;

/**
 * Runs `work` under the lock of the call's targets. Where the transaction is our own and the database could not
 * serialise it, it is run again with jitter, at most ten times and until the deadline (L9 of the locking contract).
 */
export function runLocked<Tx, T>(
  instance: Instance<Tx>,
  call: Call<Tx>,
  work: (locked: Locked<Tx>, attempt: number) => Promise<T>,
): Promise<T> {
  return nested(instance.adapter, call.tx, async (enter) => {
    const deadline = startDeadline(call.orgId, instance.timeouts, call.signal);
    const scope = scopeOf(instance, call, deadline.signal, deadline.at);
    try {
      for (let attempt = 1; ; attempt++) {
        try {
          // A lock that is had without waiting would otherwise never ask.
          deadline.signal.throwIfAborted();
          return await instance.adapter.locked(scope, (locked) => {
            deadline.held();
            return enter(locked.tx, () => work(locked, attempt));
          });
        } catch (error) {
          const again = call.tx === undefined && attempt < MAX_ATTEMPTS && performance.now() < deadline.at;
          if (!again || !isTransactionConflictError(error)) throw error;
          deadline.waiting();
          await untilAborted(
            new Promise((resume) => setTimeout(resume, Math.random() * 2 ** attempt)),
            deadline.signal,
          );
        }
      }
    } finally {
      deadline.clear();
    }
  });
}

/** Reads in one snapshot, without a lock. */
export function runRead<Tx, T>(
  instance: Instance<Tx>,
  call: Call<Tx>,
  work: (snapshot: Snapshot<Tx>) => Promise<T>,
): Promise<T> {
  return nested(instance.adapter, call.tx, async (enter) => {
    const deadline = startDeadline(call.orgId, instance.timeouts, call.signal);
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
  { orgId, targets, tx }: Call<Tx>,
  signal: AbortSignal,
  deadline: number,
): Scope<Tx> {
  return { orgId, targets: inLockOrder(targets), tx, signal, deadline, clock: instance.clock };
}
