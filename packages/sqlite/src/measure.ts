import type { Measure, Scope, Target } from "@x/entitlements-core/adapter";
import type { Session } from "./session.ts";
import type { entitlementSql } from "./sql/entitlement.ts";
import { countRows, type RowsTarget } from "./sql/rows.ts";

/** The moment that `:now` stands for: the host's clock in tests, else this machine's, on which SQLite runs too. */
export function momentOf(clock: (() => Date) | undefined): Date {
  return clock?.() ?? new Date();
}

/** Limits and counts of the scope's targets, in at most two statements. */
export async function measure<Tx>(
  entitlements: ReturnType<typeof entitlementSql>,
  session: Session<Tx>,
  { orgId, targets, clock }: Scope<Tx>,
): Promise<Map<string, Measure>> {
  const now = momentOf(clock);
  const stored = await entitlements.read(
    session,
    orgId,
    targets.map(({ resourceType }) => resourceType),
    now.toISOString(),
  );
  const counts = await countRows(session, orgId, targets.filter(isRows), now);
  return new Map(
    targets.map(({ resourceType, resource }) => {
      const { override = null, used = 0 } = stored.get(resourceType) ?? {};
      const current = resource.kind === "counter" ? used : (counts.get(resourceType) ?? 0);
      return [resourceType, { override, current, reserved: 0 }];
    }),
  );
}

export function isRows<Tx>(target: Target<Tx>): target is Target<Tx> & RowsTarget {
  return target.resource.kind === "rows";
}
