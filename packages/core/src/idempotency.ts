import type { Unlocked } from "./adapter.ts";
import { createAsyncScope } from "./async-scope.ts";
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
  adapter: object,
  view: Unlocked<Tx>,
  { orgId, claims, idempotencyKey }: Pick<Enforcement<Tx>, "orgId" | "claims" | "idempotencyKey">,
  ttlMs: number,
  work: () => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  if (idempotencyKey === undefined) return work();
  return alone({ adapter, tx: view.tx, orgId, key: idempotencyKey }, async () => {
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
  });
}

/** A call with a key that is under way, and the one whose function made it. */
interface UnderWay {
  readonly adapter: object;
  readonly tx: unknown;
  readonly orgId: string;
  readonly key: string;
  readonly outer: UnderWay | undefined;
  open: boolean;
}

const underWay = createAsyncScope<UnderWay>();
/** The same for runtimes without an async context. */
const inTransactions = new WeakMap<object, UnderWay>();

/**
 * Throws an `InvalidRequestError` where the call is made inside another's function that has its key. By the async context, since
 * some drivers have another object for each savepoint of one transaction.
 */
async function alone<T>(call: Omit<UnderWay, "outer" | "open">, work: () => Promise<T>): Promise<T> {
  const { adapter, tx, orgId, key } = call;
  const inTransaction = isObject(tx) ? inTransactions.get(tx) : undefined;
  const outer = underWay.detects ? underWay.current() : inTransaction;
  for (let one = outer; one !== undefined; one = one.outer)
    if (one.open && one.adapter === adapter && one.orgId === orgId && one.key === key)
      throw new InvalidRequestError(
        "idempotencyKey",
        `The idempotency key ${quote(key)} was used again inside the function that it is for. Give each operation a key of its own.`,
      );
  const entered: UnderWay = { ...call, outer, open: true };
  if (isObject(tx)) inTransactions.set(tx, entered);
  try {
    return await underWay.run(entered, work);
  } finally {
    entered.open = false;
  }
}

function isObject(value: unknown): value is object {
  // Some drivers' transactions are functions.
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
