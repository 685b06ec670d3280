import type { FurtherRows, RowsResource } from "@x/entitlements-core";
import { sqlFor } from "@x/entitlements-core/adapter";
import { ConfigurationError, isStorageError } from "@x/entitlements-core/errors";
import type { SqliteValue } from "../bridge.ts";
import { isStatementError, messageOf } from "../driver-errors.ts";
import { integer, type Session } from "../session.ts";
import { type Names, quoteName, quoteTable } from "./names.ts";

/** A resource type counted from the host's rows. */
export interface RowsTarget {
  readonly resourceType: string;
  readonly resource: RowsResource;
}

/** What was counted of the host's rows; those that a live hold covers are left out. */
export interface RowCount {
  readonly current: number;
  /** The part of `current` that only pending rows make up. */
  readonly pending: number;
}

/** Every table that a resource counts, its own first. */
export function sourcesOf({ also = [], ...own }: RowsResource): readonly FurtherRows<string>[] {
  return [{ ...own, pending: false }, ...also].map(({ where, ...source }) => ({
    ...source,
    where: where && sqlFor("sqlite", where),
  }));
}

/** Counts the organisation's rows of every target in one statement, so that all are seen at the same moment. */
export async function countRows<Tx>(
  session: Session<Tx>,
  names: Names,
  orgId: string,
  targets: readonly RowsTarget[],
  now: Date,
): Promise<ReadonlyMap<string, RowCount>> {
  if (targets.length === 0) return new Map();
  // Each in parentheses, so that a `where` that ends the statement is an error instead of the end of the conditions.
  const sql = targets.map((target, index) => `select * from (${countSql(names, target, index)})`).join("\nunion all\n");
  try {
    const counts = new Map<string, RowCount>();
    for (const row of await session.all(sql, bound(orgId, now))) {
      const target = targets[integer(row["target"])];
      const { current, pending } = row;
      if (target !== undefined)
        counts.set(target.resourceType, { current: integer(current), pending: integer(pending) });
    }
    return counts;
  } catch (error) {
    if (!isStorageError(error) || !isStatementError(error.cause)) throw error;
    throw await brokenCount(session, names, orgId, targets, now, error.cause);
  }
}

/** Which of the keys count as rows of the target that no live hold covers, and whether only pending rows have them. */
export async function countedKeys<Tx>(
  session: Session<Tx>,
  names: Names,
  orgId: string,
  target: RowsTarget,
  keys: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, { pending: boolean }>> {
  const found = await session.all(
    `select k, min(pending) as pending from (${keysSql(target.resource)})
    where k in (select value from json_each(:keys)) and ${uncovered(names, target)} group by k`,
    { ...bound(orgId, now), keys: JSON.stringify(keys) },
  );
  return new Map(found.map(({ k, pending }) => [String(k), { pending: integer(pending) === 1 }]));
}

function countSql(names: Names, target: RowsTarget, index: number): string {
  const { key, also } = target.resource;
  if (key === undefined && also === undefined)
    return `select ${index} as target, count(*) as current, 0 as pending ${fromSql(target.resource)}`;
  return `select ${index} as target, coalesce(sum(units), 0) as current, coalesce(sum(pending_units), 0) as pending from (
    select iif(k is null, count(*), 1) as units, iif(k is null, sum(pending), min(pending)) as pending_units
    from (${keysSql(target.resource)}) where ${uncovered(names, target)} group by k)`;
}

/** The key of every row (null: it counts by itself), and 1 where the row is only pending. */
function keysSql(resource: RowsResource): string {
  return sourcesOf(resource)
    .map((source) => {
      const key = source.key === undefined ? "null" : `cast((${source.key}\n) as text)`;
      return `select ${key} as k, ${source.pending ? 1 : 0} as pending ${fromSql(source)}`;
    })
    .join("\nunion all\n");
}

/** Holds that have not expired take the place of the rows whose keys they cover. */
function uncovered({ reservation }: Names, { resourceType }: RowsTarget): string {
  return `(k is null or k not in (select covered.value from ${reservation} as hold, json_each(hold.covers) as covered
    where hold.org_id = :orgId and hold.resource_type = '${resourceType}' and hold.expires_at > :now))`;
}

// The column is named with its table: SQLite takes a lone quoted name that does not exist for a text, and would count nothing.
function fromSql({ table, orgColumn, where }: FurtherRows): string {
  const name = quoteTable(table);
  const all = `from ${name} where ${name}.${quoteName(orgColumn)} = :orgId`;
  // On a line of its own, so that a comment at its end cannot swallow the parenthesis.
  return where === undefined ? all : `${all} and (${sqlFor("sqlite", where)}\n)`;
}

/** What a `where` and a `key` may name. */
export function bound(orgId: string, now: Date): Record<string, SqliteValue> {
  return { orgId, now: now.toISOString(), nowMs: BigInt(now.getTime()) };
}

/** Finds the one count of several that fails, to name it. */
async function brokenCount<Tx>(
  session: Session<Tx>,
  names: Names,
  orgId: string,
  targets: readonly RowsTarget[],
  now: Date,
  cause: unknown,
): Promise<ConfigurationError> {
  if (targets.length > 1) {
    for (const target of targets) {
      try {
        await countRows(session, names, orgId, [target], now);
      } catch (error) {
        if (error instanceof ConfigurationError) return error;
        throw error;
      }
    }
  }
  const named = targets.map(({ resourceType }) => resourceType).join(", ");
  return new ConfigurationError(
    `Counting ${named} failed: ${messageOf(cause)}. Check its \`table\`, \`orgColumn\`, \`where\` and \`key\`.`,
    { cause },
  );
}
