import type { Exceeded } from "@x/entitlements-core/adapter";
import { literal } from "./literal.ts";
import type { Names } from "./names.ts";
import { type RowsTarget, unitsSql } from "./rows.ts";
import type { Bound } from "./where.ts";

// Nobody else can know it: a text of the host's in an error is never taken for a verdict.
const OURS = globalThis.crypto.randomUUID();
/** What a verdict fails with where a lock that was shared has to be taken exclusively. */
export const RESTART = `entitlements restart ${OURS}`;
/** What it fails with where the transaction shares a lock already that it needs alone. */
export const SHARING = `entitlements sharing ${OURS}`;
const EXCEEDED = `entitlements exceeded ${OURS}`;

/**
 * An expression that fails unless the condition holds, so that nothing that follows in the same message is run. Without a
 * function of ours: a text that is no number cannot be cast to one, and the server quotes it in its error. The text must not be
 * constant, or it is cast where the condition holds as well.
 */
export function failing(condition: string, text: string): string {
  return `case when ${condition} then 0 else (${text})::integer end as verdict`;
}

/** A claim that grows, and how it is counted: `rows`, or the kept count. */
export interface Growing {
  readonly resourceType: string;
  readonly rows: RowsTarget | null;
}

/** Fails unless every count, the call's own units included, is within its limit. To be run under the lock. */
export function verdictSql(names: Names, growing: readonly Growing[], moment: string, bound: Bound): string {
  const counted = growing.map(({ resourceType, rows }) => {
    const own = rows === null ? "used" : unitsSql(names, rows, bound);
    return `select resource_type, max_value, ${own} + coalesce((select sum(counts_as) from ${names.reservation}
        where org_id = ${bound.orgId} and resource_type = ${literal(resourceType)} and expires_at > ${bound.now}), 0) as units
      from ${names.entitlement} where org_id = ${bound.orgId} and resource_type = ${literal(resourceType)}
        and has_override and max_value is not null and (expires_at is null or expires_at > ${bound.now})`;
  });
  return `with entitlements_moment as (select ${moment} as now),
    entitlements_over as (select * from (${counted.join("\nunion all\n")}) as counted where units > max_value order by resource_type limit 1)
    select ${failing(
      "not exists (select 1 from entitlements_over)",
      `select '${EXCEEDED} ' || resource_type || ' ' || max_value || ' ' || units from entitlements_over`,
    )}`;
}

export type Verdict = Exceeded | "restart" | "sharing";

/** What a verdict failed with; null where the error is none. */
export function verdictIn(message: string): Verdict | null {
  if (message.includes(RESTART)) return "restart";
  if (message.includes(SHARING)) return "sharing";
  const [, resourceType, limit, current] = new RegExp(`${EXCEEDED} (\\S+) (\\d+) (\\d+)`).exec(message) ?? [];
  return resourceType === undefined ? null : { resourceType, limit: Number(limit), current: Number(current) };
}
