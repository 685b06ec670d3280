import type { Measure, Scope, Target } from "@x/entitlements-core/adapter";
import type { Answer, PostgresRow } from "./bridge.ts";
import { SCHEMA_VERSION } from "./migrations/index.ts";
import { dateOf, text } from "./session.ts";
import { type Stored, storedIn } from "./sql/entitlement.ts";
import { literal } from "./sql/literal.ts";
import type { Names } from "./sql/names.ts";
import { countIn, countSql, type RowsTarget } from "./sql/rows.ts";
import type { Bound } from "./sql/where.ts";

/** What was seen at one moment. */
export interface Measured {
  readonly now: Date;
  /** Of our tables; null: it was looked up a moment ago. */
  readonly version: number | null;
  readonly measures: ReadonlyMap<string, Measure>;
}

/** How long the version of our tables is taken for granted, in milliseconds. */
const VERSION_KNOWN_MS = 1_000;

// A scalar subquery, evaluated once: a volatile function in its place would be called for every row and use no index.
const MOMENT = "(select now from entitlements_moment)";

/** The statement that measures, and what its answer says. */
export interface Measuring {
  /** One statement for everything but what is stored of the targets: the moment, what is held, and the host's rows. */
  sql<Tx>(scope: Scope<Tx>): string;
  /** From the stored rows of the targets and the answer to `sql`. */
  read<Tx>(scope: Scope<Tx>, stored: Answer | undefined, seen: Answer | undefined): Measured;
}

export function createMeasuring(names: Names): Measuring {
  let versionKnownAt = Number.NEGATIVE_INFINITY;

  return {
    sql(scope) {
      const { orgId, targets, clock } = scope;
      const moment = momentSql(clock);
      const rows = counted(scope).map((target) => countSql(names, target, boundTo(orgId, MOMENT)));
      // Planning costs more than running here, so what is not needed is left out.
      const named = rows.some((sql) => sql.includes(MOMENT));
      const bound = boundTo(orgId, named ? MOMENT : moment);
      const columns = [`extract(epoch from ${bound.now}) as now_s`, ...heldSql(names, targets, bound)];
      if (performance.now() - versionKnownAt > VERSION_KNOWN_MS)
        columns.push(`(select max(version) from ${names.migration}) as version`);
      columns.push(...rows.map((sql, index) => `${sql} as count_${index}`));
      const select = `select ${columns.join(",\n")}`;
      return named ? `with entitlements_moment as (select ${moment} as now) ${select}` : select;
    },

    read(scope, stored, seen) {
      const row = seen?.rows[0] ?? {};
      const version = row["version"] === undefined ? null : Number(row["version"]);
      if (version === SCHEMA_VERSION) versionKnownAt = performance.now();
      return { now: dateOf(row["now_s"]), version, measures: measuresIn(scope, stored, row) };
    },
  };
}

/** The moment of a statement. Not `now()`, which stands still while its transaction waits for the lock. */
export function momentSql(clock: (() => Date) | undefined): string {
  return clock === undefined ? "date_trunc('milliseconds', clock_timestamp())" : literal(clock());
}

/** What a `where` may name, for one organisation at a moment that is given as SQL. */
export function boundTo(orgId: string, now: string): Bound {
  return { orgId: literal(orgId), now, nowMs: `floor(extract(epoch from ${now}) * 1000)::bigint` };
}

/** The units of live holds: of the one target, or of every resource type as JSON. */
function heldSql(names: Names, targets: readonly Target<never>[], bound: Bound): readonly string[] {
  const [one, ...others] = targets;
  if (one === undefined) return [];
  const live = `from ${names.reservation} where org_id = ${bound.orgId} and expires_at > ${bound.now}`;
  if (others.length === 0)
    return [`(select sum(counts_as) ${live} and resource_type = ${literal(one.resourceType)}) as held`];
  return [
    `(select json_object_agg(resource_type, units)::text from (select resource_type, sum(counts_as) as units ${live} group by resource_type) as entitlements_hold) as held`,
  ];
}

function heldIn(targets: readonly Target<never>[], value: unknown): (resourceType: string) => number {
  if (targets.length < 2) return () => Number(value ?? 0);
  const units: Readonly<Record<string, unknown>> = Object(JSON.parse(text(value) ?? "{}"));
  return (resourceType) => Number(units[resourceType] ?? 0);
}

function measuresIn<Tx>(scope: Scope<Tx>, stored: Answer | undefined, row: PostgresRow): ReadonlyMap<string, Measure> {
  const now = dateOf(row["now_s"]);
  const anchors = new Map((stored?.rows ?? []).map(storedIn).map((one) => [one.resourceType, one]));
  const heldOf = heldIn(scope.targets, row["held"]);
  const counts = new Map(
    counted(scope).map((target, index) => [target.resourceType, countIn(target, row[`count_${index}`])]),
  );
  const measures = new Map<string, Measure>();
  for (const { resourceType, resource } of scope.targets) {
    const anchor = anchors.get(resourceType);
    const [current, pending] = counts.get(resourceType) ?? [0, 0];
    const held = heldOf(resourceType);
    const own = resource.kind === "counter" ? (anchor?.used ?? 0) : current;
    measures.set(resourceType, { override: liveOverride(anchor, now), current: own + held, reserved: pending + held });
  }
  return measures;
}

function liveOverride(anchor: Stored | undefined, now: Date): Measure["override"] {
  if (anchor === undefined || anchor.override === null) return null;
  const { expiresAtMs, ...override } = anchor.override;
  if (expiresAtMs !== null && expiresAtMs <= now.getTime()) return null;
  return { resourceType: anchor.resourceType, ...override };
}

function counted<Tx>(scope: Scope<Tx>): readonly (Target<Tx> & RowsTarget)[] {
  return counts(scope) ? scope.targets.filter(isRows) : [];
}

/** Whether a call wants counts, not limits alone. */
export function counts({ purpose }: Pick<Scope<never>, "purpose">): boolean {
  return purpose !== "change" && purpose !== "limits";
}

export function isRows<Tx>(target: Target<Tx>): target is Target<Tx> & RowsTarget {
  return target.resource.kind === "rows";
}
