import type { Override, Target } from "./adapter.ts";
import type { Instance } from "./instance.ts";
import { nested } from "./nesting.ts";
import type { Limit } from "./status.ts";
import { type Call, runLocked, runRead } from "./transaction.ts";
import { readUsage, type Usage } from "./usage.ts";

/** A limit set for one organisation. Dates are ISO-8601 UTC; null means not given, or without end. */
export type StoredLimit<T extends string = string> = Omit<Override, "resourceType"> & { readonly resourceType: T };

/** What is to stand for the organisation from now on; null takes its own limit away. */
export interface LimitChange<Tx> {
  readonly orgId: string;
  readonly target: Target<Tx>;
  readonly limit: { readonly limit: Limit; readonly expiresAt: string | null } | null;
  readonly reason: string | null;
  readonly actor: string | null;
  readonly tx: Tx | undefined;
}

/** One page of organisations above a limit. `cursor` leads to the next page; null: that was all. */
export interface OverLimitPage<T extends string = string> {
  readonly organisations: readonly { readonly orgId: string; readonly entitlements: readonly Usage<T>[] }[];
  readonly cursor: string | null;
}

/** Changes a limit under the same lock as the claims, so that none in flight slips past it. */
export async function changeLimit<Tx>(
  instance: Instance<Tx>,
  { orgId, target, limit, reason, actor, tx }: LimitChange<Tx>,
): Promise<void> {
  const { resourceType } = target;
  const before = await runLocked(instance, { orgId, targets: [bare(target)], tx }, async (locked) => {
    await locked.setOverride(resourceType, limit === null ? null : { ...limit, reason, actor });
    return locked.measures.get(resourceType)?.override ?? null;
  });
  // Told only where we commit, and not where there was nothing to take away.
  if (tx !== undefined || (before === null && limit === null)) return;
  instance.emit({
    type: "limit.changed",
    orgId,
    resourceType,
    before: before === null ? null : { limit: before.limit },
    after: limit === null ? null : { limit: limit.limit },
    reason,
    actor,
  });
}

/** Erases everything kept about an organisation: limits, counts, holds. */
export async function forgetOrganisation<Tx>(
  instance: Instance<Tx>,
  { orgId, tx }: Omit<Call<Tx>, "targets">,
): Promise<void> {
  const targets = [...instance.targets.values()].map(bare);
  await runLocked(instance, { orgId, targets, tx }, (locked) => locked.erase());
  if (tx === undefined) instance.emit({ type: "organisation.forgotten", orgId });
}

/** The unexpired limits set for the organisation, in the order of the call's targets. */
export function storedLimits<Tx>(instance: Instance<Tx>, call: Call<Tx>): Promise<readonly Override[]> {
  return runRead(instance, { ...call, targets: call.targets.map(bare) }, async ({ measures }) =>
    call.targets.flatMap(({ resourceType }) => measures.get(resourceType)?.override ?? []),
  );
}

/** The stored row of a target alone: where only the limit matters, nothing of the host's is counted. */
function bare<Tx>({ resourceType, resource }: Target<Tx>): Target<Tx> {
  return { resourceType, resource: { kind: "counter", label: resource.label } };
}

/** Looks through the organisations that have a limit until a page of those above one is full. */
export function findOverLimit<Tx>(
  instance: Instance<Tx>,
  pageSize: number,
  cursor: string | null,
): Promise<OverLimitPage> {
  return nested(instance.adapter, undefined, () => pageOver(instance, pageSize, cursor));
}

async function pageOver<Tx>(instance: Instance<Tx>, pageSize: number, cursor: string | null): Promise<OverLimitPage> {
  const { adapter, clock } = instance;
  const targets = [...instance.targets.values()];
  const organisations: { orgId: string; entitlements: readonly Usage[] }[] = [];
  for (let after = cursor; ; ) {
    const orgIds = await adapter.limitedOrganisations({ after, size: pageSize, clock });
    for (const orgId of orgIds) {
      const entitlements = (await readUsage(instance, { orgId, targets })).filter(({ status }) => status === "over");
      if (entitlements.length > 0) organisations.push({ orgId, entitlements });
      if (organisations.length === pageSize) return { organisations, cursor: orgId };
      after = orgId;
    }
    if (orgIds.length < pageSize) return { organisations, cursor: null };
  }
}
