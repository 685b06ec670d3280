import type { Adapter, Exceeded, Locked, Snapshot, Target, Unlocked } from "./adapter.ts";
import { type Question, refusal, remainingAfter } from "./decision.ts";
import {
  ConfigurationError,
  type FeatureDisabledError,
  InvalidRequestError,
  isPaymentRequiredError,
  LimitReachedError,
} from "./errors.ts";
import { deniedEvent } from "./events.ts";
import { onlyOnce } from "./idempotency.ts";
import type { Instance } from "./instance.ts";
import { quote } from "./quote.ts";
import { standing } from "./standing.ts";
import type { Limit } from "./status.ts";
import { type Outcome, type Run, runLocked, runWriting } from "./transaction.ts";

/** One claim that was granted, in units of the resource. */
export interface GrantedClaim<T extends string = string> {
  readonly resourceType: T;
  readonly amount: number;
  /** What counted before this claim. */
  readonly current: number;
  /** null: unlimited. */
  readonly limit: Limit;
  /** What is left after this claim; null: unlimited. */
  readonly remaining: Limit;
}

/** What the enforced function is told. `claims` is empty where `when` said that nothing is created. */
export interface Grant<T extends string = string> {
  readonly claims: readonly GrantedClaim<T>[];
  /** 1, or more where the database made us run the function again. Side effects outside `tx` would happen each time. */
  readonly attempt: number;
}

/** A validated enforcement. */
export interface Enforcement<Tx> {
  readonly orgId: string;
  readonly claims: readonly { readonly target: Target<Tx>; readonly amount: number }[];
  readonly when: ((tx: Tx) => boolean | Promise<boolean>) | undefined;
  readonly tx: Tx | undefined;
  readonly signal: AbortSignal | undefined;
  readonly idempotencyKey: string | undefined;
  readonly locking: "before" | "at-commit";
}

/** The one primitive: lock → measure → decide → write → commit, in one transaction; or the lock last, with the COMMIT. */
export async function enforceClaims<Tx, R>(
  instance: Instance<Tx>,
  enforcement: Enforcement<Tx>,
  write: (tx: Tx, grant: Grant) => R,
): Promise<Awaited<R>> {
  const { orgId, claims, when, tx, signal, idempotencyKey } = enforcement;
  const purpose = idempotencyKey === undefined ? "claim" : "record";
  const call = { orgId, targets: claims.map(({ target }) => target), purpose, tx, signal } as const;
  type Decided = Outcome<Awaited<R>>;
  let denied: unknown;
  const refused = (error: LimitReachedError | FeatureDisabledError): Decided => {
    denied = error;
    return { commit: false, error };
  };

  /** What is claimed in the end: nothing where an earlier call's result comes back. */
  const amounts = new Map<string, number>();

  function decide(view: Unlocked<Tx>, { attempt, afterCommit }: Run<Tx>, locked?: Locked<Tx>): Promise<Decided> {
    amounts.clear();
    return onlyOnce(instance.adapter, view, enforcement, instance.idempotencyTtlMs, async () => {
      // Before `when`, for every kind alike: what that writes is a part of this call's own write.
      const measures = await measured(view, enforcement);
      const claimed = when === undefined || (await creates(when, view.tx)) ? measures : [];
      const refusal = firstRefusal(orgId, claimed);
      if (refusal !== null) return refused(refusal);
      for (const claim of claimed) {
        assertAddable(claim);
        amounts.set(claim.resourceType, claim.amount);
        if (claim.kind === "counter" && claim.amount !== 0) await locked?.add(claim.target.resourceType, claim.amount);
      }
      const grant: Grant = { claims: claimed.map(grantedClaim), attempt };
      const value = await write(view.tx, grant);
      afterCommit(() => instance.emit({ type: "enforce.granted", orgId, ...grant }));
      return { commit: true, value };
    });
  }

  try {
    const atCommit = lastLock(instance, enforcement);
    if (atCommit === undefined) return await runLocked(instance, call, (locked, run) => decide(locked, run, locked));
    return await runWriting<Tx, Awaited<R>, Unlocked<Tx>>(
      instance,
      call,
      (scope, inside) => atCommit(scope, amounts, inside, (exceeded) => refused(limitReached(enforcement, exceeded))),
      decide,
    );
  } catch (error) {
    // Told out here, where the lock has been let go of.
    if (error === denied && isPaymentRequiredError(error))
      instance.emit(deniedEvent(error, amountOf(claims, error.resourceType)));
    throw error;
  }
}

/** What takes the lock with the COMMIT, where the caller wants that and the storage gains by it. */
function lastLock<Tx>({ adapter }: Instance<Tx>, { locking, claims }: Enforcement<Tx>): Adapter<Tx>["atCommit"] {
  if (locking === "before" || adapter.atCommit === undefined) return undefined;
  for (const { target } of claims) {
    const { kind } = target.resource;
    if (kind === "rows" || kind === "counter") continue;
    throw new ConfigurationError(
      `${target.resourceType} is defined by ${kind}(), which cannot be counted in the COMMIT. Leave out \`locking: "at-commit"\`.`,
    );
  }
  return adapter.atCommit.bind(adapter);
}

/** The refusal of a call whose own units have been counted already. */
function limitReached<Tx>({ orgId, claims }: Enforcement<Tx>, { resourceType, limit, current }: Exceeded) {
  const requested = amountOf(claims, resourceType);
  const label = claims.find(({ target }) => target.resourceType === resourceType)?.target.resource.label ?? "";
  return new LimitReachedError({
    orgId,
    resourceType,
    label,
    limit,
    requested,
    current: Math.max(0, current - requested),
  });
}

function amountOf(claims: Enforcement<never>["claims"], resourceType: string): number {
  return claims.find(({ target }) => target.resourceType === resourceType)?.amount ?? 1;
}

function firstRefusal(orgId: string, claims: readonly Question[]): LimitReachedError | FeatureDisabledError | null {
  for (const claim of claims) {
    const denied = refusal(orgId, claim);
    if (denied !== null) return denied;
  }
  return null;
}

type Claimed<Tx> = Question & { readonly target: Target<Tx> };

/** Each claim beside its limit and count. */
async function measured<Tx>(view: Snapshot<Tx>, { orgId, claims }: Enforcement<Tx>): Promise<readonly Claimed<Tx>[]> {
  const answers: Claimed<Tx>[] = [];
  for (const { target, amount } of claims) {
    const { kind, label } = target.resource;
    const stands = standing(view, orgId, target);
    const { limit, current } = stands instanceof Promise ? await stands : stands;
    answers.push({ target, resourceType: target.resourceType, kind, label, limit, current, amount });
  }
  return answers;
}

async function creates<Tx>(when: (tx: Tx) => boolean | Promise<boolean>, tx: Tx): Promise<boolean> {
  const answer: unknown = await when(tx);
  if (typeof answer !== "boolean")
    throw new InvalidRequestError("when", `\`when\` must answer true or false, not ${quote(answer)}.`);
  return answer;
}

function assertAddable({ kind, resourceType, current, amount }: Question): void {
  if (kind !== "counter" || amount <= Number.MAX_SAFE_INTEGER - current) return;
  throw new InvalidRequestError(
    "amount",
    `${resourceType} would count beyond 2^53 - 1, the largest whole number kept exactly.`,
  );
}

function grantedClaim(claim: Claimed<never>): GrantedClaim {
  const { resourceType, amount, current, limit } = claim;
  return { resourceType, amount, current, limit, remaining: remainingAfter(claim) };
}
