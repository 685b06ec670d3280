import type { Override, Target } from "./adapter.ts";
import { InvalidRequestError } from "./errors.ts";
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
  readonly limit: { readonly limit: Limit; readonly expiresAt: Date | null } | null;
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
  return runLocked(instance, { orgId, targets: [target], purpose: "change", tx }, async (locked, { afterCommit }) => {
    const expiresAt = limit?.expiresAt ?? null;
    if (expiresAt !== null) assertAhead(expiresAt, locked.now);
    const override =
      limit === null
        ? null
        : { limit: limit.limit, expiresAt: expiresAt === null ? null : expiresAt.toISOString(), reason, actor };
    await locked.setOverride(resourceType, override);
    const before = locked.measures.get(resourceType)?.override ?? null;
    // Nothing is told where there was nothing to take away.
    if (before !== null || limit !== null) {
      const shown = (one: { limit: Limit } | null): { limit: Limit } | null => one && { limit: one.limit };
      const change = { type: "limit.changed", orgId, resourceType, reason, actor } as const;
      afterCommit(() => instance.emit({ ...change, before: shown(before), after: shown(limit) }));
    }
    return { commit: true, value: undefined };
  });
}

/** A limit that has ended already would limit nothing. Judged by the storage's time, as its end will be. */
function assertAhead(expiresAt: Date, now: Date): void {
  if (expiresAt > now) return;
  throw new InvalidRequestError(
    "expiresAt",
    `expiresAt (${expiresAt.toISOString()}) has passed already; use clearLimit() to end a limit now.`,
  );
}

/** Erases everything kept about an organisation: limits, counts, holds. */
export async function forgetOrganisation<Tx>(
  instance: Instance<Tx>,
  { orgId, tx }: Pick<Call<Tx>, "orgId" | "tx">,
): Promise<void> {
  const targets = [...instance.targets.values()];
  await runLocked(instance, { orgId, targets, purpose: "change", tx }, async (locked, { afterCommit }) => {
    await locked.erase();
    afterCommit(() => instance.emit({ type: "organisation.forgotten", orgId }));
    return { commit: true, value: undefined };
  });
}

/** The unexpired limits set for the organisation, in the order of the call's targets. */
export function storedLimits<Tx>(
  instance: Instance<Tx>,
  call: Pick<Call<Tx>, "orgId" | "targets" | "tx">,
): Promise<readonly Override[]> {
  return runRead(instance, { ...call, purpose: "limits" }, async ({ measures }) =>
    call.targets.flatMap(({ resourceType }) => measures.get(resourceType)?.override ?? []),
  );
}

/** Looks through the organisations that have a limit until a page of those above one is full. */
export function findOverLimit<Tx>(
  instance: Instance<Tx>,
  pageSize: number,
  cursor: string | null,
): Promise<OverLimitPage> {
  return nested({ adapter: instance.adapter }, () => pageOver(instance, pageSize, cursor));
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
