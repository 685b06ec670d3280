import type { Unlocked } from "./adapter.ts";
import type { Enforcement } from "./enforcement.ts";
import { IdempotencyMismatchError, InvalidRequestError } from "./errors.ts";
import { resultFromJson, resultToJson } from "./json.ts";
import { quote } from "./quote.ts";
import type { Outcome } from "./transaction.ts";

/**
 * Runs `work` unless an earlier call with the same idempotency key was granted, whose result then comes back; keeps the
 * result in the transaction that it came from, for `ttlMs`. A refusal keeps nothing. Undone with an
 * `IdempotencyMismatchError` where the earlier call claimed something else, with an `InvalidRequestError` where the result
 * is no JSON.
 */
export async function onlyOnce<Tx, T>(
  view: Unlocked<Tx>,
  { orgId, claims, idempotencyKey, locking }: Pick<Enforcement<Tx>, "orgId" | "claims" | "idempotencyKey" | "locking">,
  ttlMs: number,
  work: () => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  if (idempotencyKey === undefined) return work();
  const fingerprint = JSON.stringify(claims.map(({ target, amount }) => [target.resourceType, amount]));
  const replay = await view.recall(idempotencyKey);
  if (replay !== null) {
    return replay.fingerprint === fingerprint
      ? { commit: true, value: resultFromJson<T>(replay.result) }
      : { commit: false, error: new IdempotencyMismatchError({ orgId, idempotencyKey }) };
  }
  const outcome = await work();
  if (!outcome.commit) return outcome;
  // Without the lock another call may have kept its result meanwhile: the storage finds that when this one is to be kept.
  if (locking === "before" && (await view.recall(idempotencyKey)) !== null)
    throw new InvalidRequestError(
      "idempotencyKey",
      `The idempotency key ${quote(idempotencyKey)} was used again inside the function that it is for, so everything was undone. Give each operation a key of its own.`,
    );
  const expiresAt = new Date(view.now.getTime() + ttlMs).toISOString();
  await view.remember({ key: idempotencyKey, fingerprint, result: resultToJson(outcome.value), expiresAt });
  return outcome;
}
