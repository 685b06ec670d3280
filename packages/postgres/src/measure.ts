import type { Measure, Scope, Target } from "@x/entitlements-core/adapter";
import type { Answer } from "./bridge.ts";
import { text } from "./session.ts";
import { type Stored, storedIn } from "./sql/entitlement.ts";
import { literal } from "./sql/literal.ts";
import type { Names } from "./sql/names.ts";
import { countSql, type RowsTarget } from "./sql/rows.ts";
import type { Bound } from "./sql/where.ts";

/** What was seen at one moment, and the version of our tables. */
export interface Measured {
  readonly now: Date;
  readonly version: number;
  readonly measures: ReadonlyMap<string, Measure>;
}

/** The moment of a statement. Not `now()`, which stands still while its transaction waits for the lock. */
export function momentSql(clock: (() => Date) | undefined): string {
  return clock === undefined ? "date_trunc('milliseconds', clock_timestamp())" : literal(clock());
}

/** What a `where` may name, for one organisation at a moment that is given as SQL. */
export function boundTo(orgId: string, now: string): Bound {
  return { orgId: literal(orgId), now, nowMs: `floor(extract(epoch from ${now}) * 1000)::bigint` };
}

/** One statement for everything but what is stored of the targets: the moment, what is held, and the host's rows. */
export function measureSql<Tx>(names: Names, scope: Scope<Tx>): string {
  const { orgId, targets, clock } = scope;
  // A scalar subquery, evaluated once: a volatile function in its place would be called for every row and use no index.
  const bound = boundTo(orgId, "(select now from entitlements_moment)");
  const counted = counts(scope) ? targets.filter(isRows) : [];
  const columns = [
    `floor(extract(epoch from ${bound.now}) * 1000)::text as now_ms`,
    `(select max(version)::text from ${names.migration}) as version`,
    `(select json_object_agg(held.resource_type, held.units)::text from (select resource_type, sum(counts_as) as units
      from ${names.reservation} where org_id = ${bound.orgId} and expires_at > ${bound.now} group by resource_type) as held) as held`,
    ...counted.map((target, index) => `${countSql(names, target, bound)}::text as count_${index}`),
  ];
  return `with entitlements_moment as (select ${momentSql(clock)} as now) select ${columns.join(",\n")}`;
}

/** What the two answers say: the stored rows of the targets, and `measureSql`'s. */
export function measuredIn<Tx>(scope: Scope<Tx>, stored: Answer | undefined, seen: Answer | undefined): Measured {
  const row = seen?.rows[0] ?? {};
  const now = new Date(Number(row["now_ms"]));
  const anchors = new Map((stored?.rows ?? []).map(storedIn).map((one) => [one.resourceType, one]));
  const held: Record<string, unknown> = Object(JSON.parse(text(row["held"]) ?? "{}"));
  const counted = counts(scope) ? scope.targets.filter(isRows) : [];
  const measures = new Map<string, Measure>();
  for (const target of scope.targets) {
    const { resourceType, resource } = target;
    const units = Number(held[resourceType] ?? 0);
    const anchor = anchors.get(resourceType);
    const index = counted.findIndex((one) => one.resourceType === resourceType);
    const [current, pending] = index < 0 ? [0, 0] : pair(row[`count_${index}`]);
    const own = resource.kind === "counter" ? (anchor?.used ?? 0) : current;
    measures.set(resourceType, {
      override: liveOverride(anchor, now),
      current: own + units,
      reserved: pending + units,
    });
  }
  return { now, version: Number(row["version"] ?? 0), measures };
}

function liveOverride(anchor: Stored | undefined, now: Date): Measure["override"] {
  if (anchor === undefined || anchor.override === null) return null;
  const { expiresAtMs, ...override } = anchor.override;
  if (expiresAtMs !== null && expiresAtMs <= now.getTime()) return null;
  return { resourceType: anchor.resourceType, ...override };
}

function pair(json: unknown): readonly [number, number] {
  const list: unknown = JSON.parse(String(json));
  return Array.isArray(list) ? [Number(list[0]), Number(list[1])] : [0, 0];
}

/** Whether a call wants counts, not limits alone. */
export function counts({ purpose }: Pick<Scope<never>, "purpose">): boolean {
  return purpose !== "change" && purpose !== "limits";
}

export function isRows<Tx>(target: Target<Tx>): target is Target<Tx> & RowsTarget {
  return target.resource.kind === "rows";
}
