import { LockTimeoutError } from "./errors.ts";

/** The two clocks of one call: how long it may wait for the lock, then how long it may hold it. */
export interface Deadline {
  /** Aborts with a `LockTimeoutError`, or with the reason of the caller's own signal. */
  readonly signal: AbortSignal;
  /** Until when the lock may be waited for, in `performance.now()` milliseconds. */
  readonly at: number;
  /** Says that the lock is held: from now on the holding time counts. */
  held(): void;
  /** Says that the lock was let go of to try again: what is left of the waiting time counts. */
  waiting(): void;
  /** Ends both clocks. */
  clear(): void;
}

export interface Timeouts {
  readonly lockTimeoutMs: number;
  readonly transactionTimeoutMs: number;
}

export function startDeadline(orgId: string, timeouts: Timeouts, callers: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  const expire = (phase: "wait" | "hold", timeoutMs: number, inMs: number): NodeJS.Timeout =>
    setTimeout(() => controller.abort(new LockTimeoutError({ phase, orgId, timeoutMs })), inMs);
  const follow = (): void => controller.abort(callers?.reason);

  let timer = expire("wait", timeouts.lockTimeoutMs, timeouts.lockTimeoutMs);
  if (callers?.aborted) follow();
  else callers?.addEventListener("abort", follow, { once: true });

  const at = performance.now() + timeouts.lockTimeoutMs;
  return {
    signal: controller.signal,
    at,
    held() {
      clearTimeout(timer);
      timer = expire("hold", timeouts.transactionTimeoutMs, timeouts.transactionTimeoutMs);
    },
    waiting() {
      clearTimeout(timer);
      timer = expire("wait", timeouts.lockTimeoutMs, at - performance.now());
    },
    clear() {
      clearTimeout(timer);
      callers?.removeEventListener("abort", follow);
    },
  };
}
