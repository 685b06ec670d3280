import type { Target } from "./adapter.ts";
import { refusal } from "./decision.ts";
import type { PaymentRequiredError } from "./errors.ts";
import type { Instance } from "./instance.ts";
import { type Standing, standing } from "./standing.ts";
import { type Limit, remaining, statusOf } from "./status.ts";
import { type Call, runRead } from "./transaction.ts";
import type { Usage as WireUsage } from "./wire.ts";

/** One line of an organisation's usage, as the usage endpoint sends it. */
export type Usage<T extends string = string> = Omit<WireUsage, "resourceType"> & { readonly resourceType: T };

/** An advisory answer: nothing was locked, so it may be outdated when it arrives. */
export interface Check<T extends string = string> {
  readonly allowed: boolean;
  /** Why not; null where allowed. */
  readonly code: PaymentRequiredError["code"] | null;
  readonly resourceType: T;
  /** null: unlimited. */
  readonly limit: Limit;
  readonly current: number;
  /** The part of `current` that is only held. */
  readonly reserved: number;
  /** The part of `reserved` that rows of `pending` sources make up, such as open invitations. */
  readonly pending: number;
  /** Units left before this request; null: unlimited. */
  readonly remaining: Limit;
  readonly requested: number;
}

export function checkClaim<Tx>(
  instance: Instance<Tx>,
  call: Pick<Call<Tx>, "orgId" | "tx">,
  target: Target<Tx>,
  requested: number,
): Promise<Check> {
  return runRead(instance, { ...call, targets: [target], purpose: "usage" }, async (snapshot) => {
    const { limit, current, reserved, pending } = await standing(snapshot, call.orgId, target);
    const { resourceType, resource } = target;
    const { kind, label } = resource;
    const denied = refusal(call.orgId, { resourceType, kind, label, limit, current, amount: requested });
    const code = denied?.code ?? null;
    return {
      allowed: code === null,
      code,
      resourceType,
      limit,
      current,
      reserved,
      pending,
      remaining: remaining(limit, current),
      requested,
    };
  });
}

/** Every line of the call's targets, in their order. */
export function readUsage<Tx>(
  instance: Instance<Tx>,
  call: Pick<Call<Tx>, "orgId" | "targets" | "tx">,
): Promise<readonly Usage[]> {
  return runRead(instance, { ...call, purpose: "usage" }, async (snapshot) => {
    const lines: Usage[] = [];
    for (const target of call.targets)
      lines.push(usageLine(target, await standing(snapshot, call.orgId, target), instance.nearAt));
    return lines;
  });
}

function usageLine<Tx>(
  { resourceType, resource }: Target<Tx>,
  { limit, current, reserved }: Standing,
  nearAt: number,
): Usage {
  return {
    resourceType,
    label: resource.label,
    kind: resource.kind === "feature" ? "feature" : "count",
    limit,
    current,
    reserved,
    remaining: remaining(limit, current),
    status: statusOf(limit, current, nearAt),
    resetsAt: null,
  };
}
