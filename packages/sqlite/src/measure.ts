import type { Measure, Scope, Target } from "@x/entitlements-core/adapter";
import type { Session } from "./session.ts";
import type { entitlementSql } from "./sql/entitlement.ts";
import type { Names } from "./sql/names.ts";
import { countRows, type RowsTarget } from "./sql/rows.ts";

/** The moment that `:now` stands for: the host's clock in tests, else this machine's, on which SQLite runs too. */
export function momentOf(clock: (() => Date) | undefined): Date {
  return clock?.() ?? new Date();
}

/** What was seen at one moment, `moment` being `now` as it is stored, and the version of our tables. */
export interface Measured {
  readonly now: Date;
  readonly moment: string;
  readonly version: number;
  readonly measures: ReadonlyMap<string, Measure>;
}

/** Limits and, where they are wanted, counts of the scope's targets at one moment, in at most two statements. */
export async function measure<Tx>(
  entitlements: ReturnType<typeof entitlementSql>,
  session: Session<Tx>,
  names: Names,
  scope: Scope<Tx>,
): Promise<Measured> {
  const { orgId, targets, clock } = scope;
  const now = momentOf(clock);
  const moment = now.toISOString();
  const types = targets.map(({ resourceType }) => resourceType);
  const { version, held, stored } = await entitlements.read(session, orgId, types, moment);
  const counting = counts(scope) ? targets.filter(isRows) : [];
  const counted = await countRows(session, names, orgId, counting, now);
  const measures = new Map<string, Measure>();
  for (const { resourceType, resource } of targets) {
    const { override = null, used = 0 } = stored.get(resourceType) ?? {};
    const units = Number(held[resourceType] ?? 0);
    const { current, pending } = counted.get(resourceType) ?? { current: 0, pending: 0 };
    const own = resource.kind === "counter" ? used : current;
    measures.set(resourceType, { override, current: own + units, reserved: pending + units, pending });
  }
  return { now, moment, version, measures };
}

/** Whether a call wants counts, not limits alone. */
export function counts({ purpose }: Pick<Scope<never>, "purpose">): boolean {
  return purpose !== "change" && purpose !== "limits";
}

export function isRows<Tx>(target: Target<Tx>): target is Target<Tx> & RowsTarget {
  return target.resource.kind === "rows";
}
