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
  { orgId, claims, idempotencyKey }: Pick<Enforcement<Tx>, "orgId" | "claims" | "idempotencyKey">,
  ttlMs: number,
  work: () => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  if (idempotencyKey === undefined) return work();
  const leave = enter(view.tx, orgId, idempotencyKey);
  try {
    const fingerprint = JSON.stringify(claims.map(({ target, amount }) => [target.resourceType, amount]));
    const replay = await view.recall(idempotencyKey);
    if (replay !== null) {
      return replay.fingerprint === fingerprint
        ? { commit: true, value: resultFromJson<T>(replay.result) }
        : { commit: false, error: new IdempotencyMismatchError({ orgId, idempotencyKey }) };
    }
    const outcome = await work();
    if (!outcome.commit) return outcome;
    const expiresAt = new Date(view.now.getTime() + ttlMs).toISOString();
    // A call under another lock may have kept its result meanwhile: the storage finds that, as a conflict.
    await view.remember({ key: idempotencyKey, fingerprint, result: resultToJson(outcome.value), expiresAt });
    return outcome;
  } finally {
    leave();
  }
}

/** The keys of the calls that are under way in each transaction. */
const underWay = new WeakMap<object, Set<string>>();

/** Throws an `InvalidRequestError` where the call that is made inside another's function has that one's key. */
function enter(tx: unknown, orgId: string, key: string): () => void {
  if ((typeof tx !== "object" && typeof tx !== "function") || tx === null) return () => {};
  const keys = underWay.get(tx) ?? new Set();
  underWay.set(tx, keys);
  const own = JSON.stringify([orgId, key]);
  if (keys.has(own))
    throw new InvalidRequestError(
      "idempotencyKey",
      `The idempotency key ${quote(key)} was used again inside the function that it is for. Give each operation a key of its own.`,
    );
  keys.add(own);
  return () => void keys.delete(own);
}
