import { InvalidRequestError, LockTimeoutError } from "@x/entitlements-core/errors";
import { isDuplicateRow, isLockNotAvailable, isOutOfRange, placeOf } from "./driver-errors.ts";
import { conflictError } from "./own-transaction.ts";
import type { Keeping } from "./session.ts";
import { atTheEnd, type Frame, inBetween } from "./settings.ts";
import type { Names } from "./sql/names.ts";

/**
 * How a call sends what it keeps behind the host's function. It may still have to wait: for another call that keeps something
 * under the same key and another lock. That wait is bounded like the one for the lock, and counted anew, since how long the function took is
 * its own affair.
 */
export function keepingOf({
  names,
  orgId,
  ms,
  role,
  joined,
}: {
  readonly names: Names;
  readonly orgId: string;
  /** How long the call was ready to wait for its lock. */
  readonly ms: number;
  readonly role: string | null;
  /** Whether somebody else ends the transaction. */
  readonly joined: boolean;
}): Keeping & { readonly inBetween: Frame } {
  return {
    inBetween: inBetween(role, ms),
    frame: () => (joined ? inBetween(role, ms) : atTheEnd(role, ms)),
    explain(error, took) {
      if (isTaken(names, error)) return conflictError(error);
      if (isOutOfRange(error) && placeOf(error).table === names.entitlement)
        return new InvalidRequestError(
          "amount",
          "A count would go beyond 2^53 - 1, the largest whole number kept exactly.",
        );
      // A deferred trigger of the host's may say the same, in no time.
      const waited = isLockNotAvailable(error) && took >= ms;
      return waited ? new LockTimeoutError({ phase: "wait", orgId, timeoutMs: ms }) : null;
    },
  };
}

/**
 * Another call has used the same key of a hold, or the same idempotency key, meanwhile and under another resource type's lock:
 * the next try finds it.
 */
function isTaken({ reservation, idempotency, prefix }: Names, error: unknown): boolean {
  if (!isDuplicateRow(error)) return false;
  const { table, constraint } = placeOf(error);
  return (
    (table === reservation && constraint === `${prefix}org_reservation_key`) ||
    (table === idempotency && constraint === `${prefix}org_idempotency_pkey`)
  );
}
