import { ConfigurationError, isConfigurationError, isStorageError } from "@x/entitlements-core/errors";
import { isStatementError, messageOf } from "./driver-errors.ts";
import { boundTo, momentSql } from "./measure.ts";
import type { Session } from "./session.ts";
import { type Names, quoteTable } from "./sql/names.ts";
import { type IsCanonical, orgColumnOf } from "./sql/org-column.ts";
import { countSql, type RowsTarget, sourcesOf } from "./sql/rows.ts";
import { bind } from "./sql/where.ts";

/** The rules for ids in the tables of a target. Throws a `ConfigurationError` where its rows would not be counted as they should. */
export async function assertCountable<Tx>(
  session: Session<Tx>,
  names: Names,
  target: RowsTarget,
): Promise<readonly IsCanonical[]> {
  const rules: IsCanonical[] = [];
  for (const source of sourcesOf(target.resource)) {
    const rule = await orgColumnOf(session, target.resourceType, source);
    if (typeof rule === "string") throw new ConfigurationError(rule);
    rules.push(rule);
  }
  try {
    // Planned, not run. The id is null, which is of any type.
    const bound = { ...boundTo("", momentSql(undefined)), orgId: "null" };
    await session.rows(`explain select ${countSql(names, target, bound)}`);
    // An aggregate would make one key of all rows, and count them as one. PostgreSQL allows none in a condition.
    for (const { table, key } of sourcesOf(target.resource)) {
      if (key === undefined) continue;
      const condition = bind(`\`key\` of ${target.resourceType}`, key, bound);
      await session.rows(`explain select 1 from ${quoteTable(table)} where (${condition}\n) is null`);
    }
  } catch (error) {
    if (!isStorageError(error) || !isStatementError(error.cause)) throw error;
    throw brokenCount([target], error.cause);
  }
  return rules;
}

/** What is wrong with a target's definition, in words for the developer; null where nothing is. */
export async function findFault<Tx>(session: Session<Tx>, names: Names, target: RowsTarget): Promise<string | null> {
  try {
    await assertCountable(session, names, target);
    return null;
  } catch (error) {
    if (isConfigurationError(error)) return error.message;
    throw error;
  }
}

/** What to say where the count of some of these fails. */
export function brokenCount(targets: readonly RowsTarget[], cause: unknown): ConfigurationError {
  const named = targets.map(({ resourceType }) => resourceType).join(", ");
  return new ConfigurationError(
    `Counting ${named} failed: ${messageOf(cause)}. Check \`table\`, \`orgColumn\`, \`where\` and \`key\`.`,
    { cause },
  );
}
