import type { Measure, Scope, Target } from "@x/entitlements-core/adapter";
import type { Session } from "./session.ts";
import type { entitlementSql } from "./sql/entitlement.ts";
import { countRows, type RowsTarget } from "./sql/rows.ts";

/** The moment that `:now` stands for: the host's clock in tests, else this machine's, on which SQLite runs too. */
export function momentOf(clock: (() => Date) | undefined): Date {
  return clock?.() ?? new Date();
}

/** Limits and, where they are wanted, counts of the scope's targets at one moment, in at most two statements. */
export async function measure<Tx>(
  entitlements: ReturnType<typeof entitlementSql>,
  session: Session<Tx>,
  { orgId, targets, purpose, clock }: Scope<Tx>,
): Promise<{ now: Date; version: number; measures: Map<string, Measure> }> {
  const now = momentOf(clock);
  const types = targets.map(({ resourceType }) => resourceType);
  const { version, stored } = await entitlements.read(session, orgId, types, now.toISOString());
  const counting = purpose === "claim" || purpose === "usage" ? targets.filter(isRows) : [];
  const counts = await countRows(session, orgId, counting, now);
  const measures = new Map<string, Measure>();
  for (const { resourceType, resource } of targets) {
    const { override = null, used = 0 } = stored.get(resourceType) ?? {};
    const current = resource.kind === "counter" ? used : (counts.get(resourceType) ?? 0);
    measures.set(resourceType, { override, current, reserved: 0 });
  }
  return { now, version, measures };
}

export function isRows<Tx>(target: Target<Tx>): target is Target<Tx> & RowsTarget {
  return target.resource.kind === "rows";
}
