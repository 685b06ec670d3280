import type { FurtherRows, RowsResource, RowsSource } from "@x/entitlements-core";
import { sqlFor } from "@x/entitlements-core/adapter";
import { literal, textArray } from "./literal.ts";
import { type Names, quoteName, quoteTable } from "./names.ts";
import { numberOf, unreadable } from "./values.ts";
import { type Bound, bind } from "./where.ts";

/** A resource type counted from the host's rows. */
export interface RowsTarget {
  readonly resourceType: string;
  readonly resource: RowsResource;
}

/** Every table that a resource counts, its own first. */
export function sourcesOf({ also = [], ...own }: RowsResource): readonly FurtherRows<string>[] {
  return [{ ...own, pending: false }, ...also].map(({ where, ...source }) => ({
    ...source,
    where: where && sqlFor("postgres", where),
  }));
}

/** Whether each row counts by itself, and none is only pending. */
function isPlain({ key, also }: RowsResource): boolean {
  return key === undefined && also === undefined;
}

/**
 * Rows that no live hold covers, and how many of them are only pending, as an expression: a JSON list of the two, or a number
 * where none can be pending. All tables are counted in one statement: what moves from one to the other is never seen in neither.
 */
export function countSql(names: Names, target: RowsTarget, bound: Bound): string {
  if (isPlain(target.resource)) return `(select count(*) ${fromSql(target.resourceType, target.resource, bound)})`;
  return `(select json_build_array(coalesce(sum(units), 0), coalesce(sum(pending_units), 0)) from (
    select case when k is null then count(*) else 1 end as units,
      case when k is null then sum(pending) else min(pending) end as pending_units
    from (${keysSql(target, bound)}) as entitlements_row where ${uncovered(names, target, bound)} group by k) as entitlements_unit)::text`;
}

/** What `countSql` came to: all that count, and the pending ones among them. */
export function countIn({ resource }: RowsTarget, value: unknown): readonly [current: number, pending: number] {
  if (isPlain(resource)) return [numberOf(value), 0];
  const list: unknown = JSON.parse(String(value));
  if (!Array.isArray(list)) throw unreadable();
  return [numberOf(list[0]), numberOf(list[1])];
}

/** `countSql` as a number. */
export function unitsSql(names: Names, target: RowsTarget, bound: Bound): string {
  const count = countSql(names, target, bound);
  return isPlain(target.resource) ? count : `(${count}::json ->> 0)::bigint`;
}

/** Which of the keys count as rows of the target that no live hold covers, and whether only pending rows have them. */
export function countedKeysSql(names: Names, target: RowsTarget, keys: readonly string[], bound: Bound): string {
  return `select k, min(pending)::text as pending from (${keysSql(target, bound)}) as entitlements_row
    where k = any(${textArray(keys)}) and ${uncovered(names, target, bound)} group by k`;
}

/** The key of every row (null: it counts by itself), and 1 where the row is only pending. */
function keysSql({ resourceType, resource }: RowsTarget, bound: Bound): string {
  return sourcesOf(resource)
    .map((source) => {
      const key =
        source.key === undefined ? "null::text" : `(${bind(`\`key\` of ${resourceType}`, source.key, bound)}\n)::text`;
      return `select ${key} as k, ${source.pending ? 1 : 0} as pending ${fromSql(resourceType, source, bound)}`;
    })
    .join("\nunion all\n");
}

/** Holds that have not expired take the place of the rows whose keys they cover. */
function uncovered({ reservation }: Names, { resourceType }: RowsTarget, { orgId, now }: Bound): string {
  return `(k is null or k not in (select unnest(hold.covers) from ${reservation} as hold
    where hold.org_id = ${orgId} and hold.resource_type = ${literal(resourceType)} and hold.expires_at > ${now}))`;
}

// The column is named with its table, so that one that does not exist is an error and nothing from outside.
function fromSql(resourceType: string, { table, orgColumn, where }: RowsSource, bound: Bound): string {
  const name = quoteTable(table);
  const all = `from ${name} where ${name}.${quoteName(orgColumn)} = ${bound.orgId}`;
  // On a line of its own, so that a comment at its end cannot swallow the parenthesis.
  return where === undefined
    ? all
    : `${all} and (${bind(`\`where\` of ${resourceType}`, sqlFor("postgres", where), bound)}\n)`;
}
