import type { Measure, Scope, Target } from "@x/entitlements-core/adapter";
import type { Answer, PostgresRow } from "./bridge.ts";
import { SCHEMA_VERSION } from "./migrations/index.ts";
import type { Session } from "./session.ts";
import { type Stored, storedIn } from "./sql/entitlement.ts";
import { literal } from "./sql/literal.ts";
import type { Names } from "./sql/names.ts";
import { countIn, countSql, type RowsTarget } from "./sql/rows.ts";
import { dateOf, numberOf, text, unreadable } from "./sql/values.ts";
import type { Bound } from "./sql/where.ts";

/** What was seen at one moment. */
export interface Measured {
  readonly now: Date;
  /** Of our tables; null: it was looked up a moment ago. */
  readonly version: number | null;
  /** The role that the lock was taken with; null where none was. */
  readonly role: string | null;
  readonly measures: ReadonlyMap<string, Measure>;
}

/** How long the version of our tables is taken for granted, in milliseconds. */
const VERSION_KNOWN_MS = 1_000;

// A scalar subquery, evaluated once: a volatile function in its place would be called for every row and use no index.
const MOMENT = "(select now from entitlements_moment)";

/** The statements that measure, and what their answers say. */
export interface Measuring {
  /** In one statement without a lock: everything, with what `stored` selects of the targets. */
  readSql<Tx>(scope: Scope<Tx>, stored: string | null): string;
  /** From the answer to `readSql`. */
  read<Tx>(scope: Scope<Tx>, seen: Answer | undefined): Measured;
  /** What is sent behind the lock: the count of the host's rows, if there is any. */
  lockedSql<Tx>(scope: Scope<Tx>): readonly string[];
  /** From the anchors as the lock returned them and the answers to `lockedSql`. Asks once more where something may be held. */
  locked<Tx>(
    session: Session<Tx>,
    scope: Scope<Tx>,
    anchors: Answer | undefined,
    seen: readonly Answer[],
  ): Promise<Measured>;
}

export function createMeasuring(names: Names): Measuring {
  let versionKnownAt = Number.NEGATIVE_INFINITY;
  const version = `(select max(version) from ${names.migration}) as version`;
  const isDue = (): boolean => performance.now() - versionKnownAt > VERSION_KNOWN_MS;

  // Rows are read by name and never copied: those of a driver that renames columns know the names only when they are asked.
  function measured<Tx>(
    scope: Scope<Tx>,
    now: Date,
    anchors: Answer | undefined,
    row: PostgresRow,
    versioned: PostgresRow = row,
  ): Measured {
    const seen = versioned["version"] === undefined ? null : Number(versioned["version"]);
    if (seen === SCHEMA_VERSION) versionKnownAt = performance.now();
    const role = text(anchors?.rows[0]?.["role"]);
    return { now, version: seen, role, measures: measuresIn(scope, now, anchors, row) };
  }

  return {
    readSql(scope, stored) {
      const bound = boundTo(scope.orgId, MOMENT);
      const columns = [
        `extract(epoch from ${MOMENT}) as now_s`,
        version,
        heldSql(names, scope.orgId, MOMENT),
        ...countColumns(names, scope, bound),
      ];
      const seen = withMoment(scope, columns);
      return stored === null
        ? seen
        : `select * from (${seen}) as entitlements_seen left join (${stored}) as entitlements_stored on true`;
    },

    read(scope, seen) {
      const [row = {}] = seen?.rows ?? [];
      assertHeldIn(row);
      const stored = (seen?.rows ?? []).filter((one) => typeof one["resource_type"] === "string");
      return measured(scope, dateOf(row["now_s"]), { rows: stored, command: null }, row);
    },

    // Planning costs more than running here, so what is not needed is left out.
    lockedSql(scope) {
      const columns = [...(isDue() ? [version] : []), ...countColumns(names, scope, boundTo(scope.orgId, MOMENT))];
      if (columns.length === 0) return [];
      return [
        columns.some((sql) => sql.includes(MOMENT)) ? withMoment(scope, columns) : `select ${columns.join(", ")}`,
      ];
    },

    async locked(session, scope, anchors, seen) {
      const rows = anchors?.rows ?? [];
      // The earliest: whoever waited longest for one of several has it latest.
      const now = dateOf(Math.min(...rows.map((row) => numberOf(row["now_s"]))));
      const [row = {}] = seen.at(-1)?.rows ?? [];
      if (!rows.some((anchor) => Number(anchor["has_holds"]) !== 0)) return measured(scope, now, anchors, row);
      // Holds and the rows that they cover in one statement, the rows once more: what has expired may be deleted at any time by
      // whoever has the lock of another resource type, and would hide its rows without counting for them.
      const moment = literal(now);
      const columns = [
        heldSql(names, scope.orgId, moment),
        ...countColumns(names, scope, boundTo(scope.orgId, moment)),
      ];
      const [again = {}] = await session.rows(`select ${columns.join(",\n")}`);
      assertHeldIn(again);
      return measured(scope, now, anchors, again, row);
    },
  };
}

/** Where nothing is held the column is null. One that is missing must not be taken for that. */
function assertHeldIn(row: PostgresRow): void {
  if (row["held"] === undefined) throw unreadable();
}

function withMoment<Tx>({ clock }: Scope<Tx>, columns: readonly string[]): string {
  return `with entitlements_moment as (select ${momentSql(clock)} as now) select ${columns.join(",\n")}`;
}

function countColumns<Tx>(names: Names, scope: Scope<Tx>, bound: Bound): readonly string[] {
  return counted(scope).map((target, index) => `${countSql(names, target, bound)} as count_${index}`);
}

/** The moment of a statement. Not `now()`, which stands still while its transaction waits for the lock. */
export function momentSql(clock: (() => Date) | undefined): string {
  return clock === undefined ? "date_trunc('milliseconds', clock_timestamp())" : literal(clock());
}

/** What a `where` may name, for one organisation at a moment that is given as SQL. */
export function boundTo(orgId: string, now: string): Bound {
  return { orgId: literal(orgId), now, nowMs: `floor(extract(epoch from ${now}) * 1000)::bigint` };
}

/** The units of live holds by resource type, as JSON. */
function heldSql({ reservation }: Names, orgId: string, now: string): string {
  return `(select json_object_agg(resource_type, units)::text from (select resource_type, sum(counts_as) as units
    from ${reservation} where org_id = ${literal(orgId)} and expires_at > ${now} group by resource_type) as entitlements_hold) as held`;
}

function measuresIn<Tx>(
  scope: Scope<Tx>,
  now: Date,
  stored: Answer | undefined,
  row: PostgresRow,
): ReadonlyMap<string, Measure> {
  const anchors = new Map((stored?.rows ?? []).map(storedIn).map((one) => [one.resourceType, one]));
  const units: Readonly<Record<string, unknown>> = Object(JSON.parse(text(row["held"]) ?? "{}"));
  const counts = new Map(
    counted(scope).map((target, index) => [target.resourceType, countIn(target, row[`count_${index}`])]),
  );
  const measures = new Map<string, Measure>();
  for (const { resourceType, resource } of scope.targets) {
    const anchor = anchors.get(resourceType);
    const [current, pending] = counts.get(resourceType) ?? [0, 0];
    const held = numberOf(units[resourceType] ?? 0);
    const own = resource.kind === "counter" ? (anchor?.used ?? 0) : current;
    const override = liveOverride(anchor, now);
    measures.set(resourceType, { override, current: own + held, reserved: pending + held, pending });
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
