import type { Locked, Target } from "./adapter.ts";
import { type Question, refusal, remainingAfter } from "./decision.ts";
import {
  type FeatureDisabledError,
  InvalidRequestError,
  isPaymentRequiredError,
  type LimitReachedError,
} from "./errors.ts";
import { deniedEvent } from "./events.ts";
import { onlyOnce } from "./idempotency.ts";
import type { Instance } from "./instance.ts";
import { quote } from "./quote.ts";
import { standing } from "./standing.ts";
import type { Limit } from "./status.ts";
import { runLocked } from "./transaction.ts";

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
}

/** The one primitive: lock → measure → decide → write → commit, in one transaction. */
export async function enforceClaims<Tx, R>(
  instance: Instance<Tx>,
  enforcement: Enforcement<Tx>,
  write: (tx: Tx, grant: Grant) => R,
): Promise<Awaited<R>> {
  const { orgId, claims, when, tx, signal, idempotencyKey } = enforcement;
  const purpose = idempotencyKey === undefined ? "claim" : "record";
  const call = { orgId, targets: claims.map(({ target }) => target), purpose, tx, signal } as const;
  let denied: unknown;
  try {
    return await runLocked(instance, call, (locked, { attempt, afterCommit }) =>
      onlyOnce(locked, enforcement, instance.idempotencyTtlMs, async () => {
        // Before `when`, for every kind alike: what that writes is a part of this call's own write.
        const measures = await measured(locked, enforcement);
        const claimed = when === undefined || (await creates(when, locked.tx)) ? measures : [];
        const refused = firstRefusal(orgId, claimed);
        denied = refused;
        if (refused !== null) return { commit: false, error: refused };
        for (const claim of claimed) if (claim.kind === "counter" && claim.amount !== 0) await count(locked, claim);
        const grant: Grant = { claims: claimed.map(grantedClaim), attempt };
        const value = await write(locked.tx, grant);
        afterCommit(() => instance.emit({ type: "enforce.granted", orgId, ...grant }));
        return { commit: true, value };
      }),
    );
  } catch (error) {
    // Told out here, where the lock has been let go of.
    if (error === denied && isPaymentRequiredError(error))
      instance.emit(deniedEvent(error, amountOf(claims, error.resourceType)));
    throw error;
  }
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

/** Each claim beside its limit and count, measured under the lock. */
async function measured<Tx>(locked: Locked<Tx>, { orgId, claims }: Enforcement<Tx>): Promise<readonly Claimed<Tx>[]> {
  const answers: Claimed<Tx>[] = [];
  for (const { target, amount } of claims) {
    const { kind, label } = target.resource;
    const stands = standing(locked, orgId, target);
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

async function count<Tx>(locked: Locked<Tx>, { target, current, amount }: Claimed<Tx>): Promise<void> {
  if (amount > Number.MAX_SAFE_INTEGER - current) {
    throw new InvalidRequestError(
      "amount",
      `${target.resourceType} would count beyond 2^53 - 1, the largest whole number kept exactly.`,
    );
  }
  await locked.add(target.resourceType, amount);
}

function grantedClaim(claim: Claimed<never>): GrantedClaim {
  const { resourceType, amount, current, limit } = claim;
  return { resourceType, amount, current, limit, remaining: remainingAfter(claim) };
}
