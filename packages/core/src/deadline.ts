import { ConfigurationError, LockTimeoutError } from "./errors.ts";
import { quote } from "./quote.ts";

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
  /** One deadline from the call to the lock, in milliseconds: queue and pool wait included. 5,000 when left out. */
  readonly lockTimeoutMs?: number | undefined;
  /** How long a function may hold the lock in the SDK's own transaction, in milliseconds. 60,000 when left out. */
  readonly transactionTimeoutMs?: number | undefined;
}

/** `Timeouts` with the defaults filled in. */
export interface CheckedTimeouts {
  readonly lockTimeoutMs: number;
  readonly transactionTimeoutMs: number;
}

// Longer ones overflow a timer, which would fire at once.
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Both times, checked. Throws a `ConfigurationError`. */
export function timeoutsFrom({ lockTimeoutMs = 5_000, transactionTimeoutMs = 60_000 }: Timeouts): CheckedTimeouts {
  for (const [name, value] of Object.entries({ lockTimeoutMs, transactionTimeoutMs })) {
    if (Number.isSafeInteger(value) && value > 0 && value <= MAX_TIMEOUT_MS) continue;
    throw new ConfigurationError(
      `${name} must be a whole number of milliseconds from 1 to 2^31 - 1, not ${quote(value)}.`,
    );
  }
  return { lockTimeoutMs, transactionTimeoutMs };
}

/** Starts to wait on behalf of an organisation (null: of a transaction of the host's), for the lock or only to read. */
export function startDeadline(
  orgId: string | null,
  { lockTimeoutMs, transactionTimeoutMs }: CheckedTimeouts,
  callers: AbortSignal | undefined,
  { reads = false } = {},
): Deadline {
  const controller = new AbortController();
  const expire = (phase: "wait" | "hold", timeoutMs: number, inMs: number): NodeJS.Timeout =>
    setTimeout(() => controller.abort(new LockTimeoutError({ phase, orgId, timeoutMs, reads })), inMs);
  const follow = (): void => controller.abort(callers?.reason);

  let timer = expire("wait", lockTimeoutMs, lockTimeoutMs);
  if (callers?.aborted) follow();
  else callers?.addEventListener("abort", follow, { once: true });

  const at = performance.now() + lockTimeoutMs;
  return {
    signal: controller.signal,
    at,
    held() {
      clearTimeout(timer);
      timer = expire("hold", transactionTimeoutMs, transactionTimeoutMs);
    },
    waiting() {
      clearTimeout(timer);
      timer = expire("wait", lockTimeoutMs, at - performance.now());
    },
    clear() {
      clearTimeout(timer);
      callers?.removeEventListener("abort", follow);
    },
  };
}
