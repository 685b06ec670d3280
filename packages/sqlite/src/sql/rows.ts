import type { RowsResource } from "@x/entitlements-core";
import { ConfigurationError, isStorageError } from "@x/entitlements-core/errors";
import type { SqliteValue } from "../bridge.ts";
import { isStatementError, messageOf } from "../driver-errors.ts";
import { integer, type Session } from "../session.ts";
import { quoteName, quoteTable } from "./names.ts";

/** A resource type counted from the host's rows. */
export interface RowsTarget {
  readonly resourceType: string;
  readonly resource: RowsResource;
}

/** Counts the organisation's rows of every target in one statement, so that all are seen at the same moment. */
export async function countRows<Tx>(
  session: Session<Tx>,
  orgId: string,
  targets: readonly RowsTarget[],
  now: Date,
): Promise<Map<string, number>> {
  if (targets.length === 0) return new Map();
  const columns = targets.map(({ resource }, index) => `(${countSql(resource)}) as c${index}`);
  try {
    const [row] = await session.all(`select ${columns.join(", ")}`, bound(orgId, now));
    return new Map(targets.map(({ resourceType }, index) => [resourceType, integer(row?.[`c${index}`])]));
  } catch (error) {
    if (!isStorageError(error) || !isStatementError(error.cause)) throw error;
    throw await brokenCount(session, orgId, targets, now, error.cause);
  }
}

// The column is named with its table: SQLite takes a lone quoted name that does not exist for a text, and would count nothing.
function countSql({ table, orgColumn, where }: RowsResource): string {
  const name = quoteTable(table);
  const all = `select count(*) from ${name} where ${name}.${quoteName(orgColumn)} = :orgId`;
  // On a line of its own, so that a comment at its end cannot swallow the parenthesis.
  return where === undefined ? all : `${all} and (${where}\n)`;
}

function bound(orgId: string, now: Date): Record<string, SqliteValue> {
  return { orgId, now: now.toISOString(), nowMs: BigInt(now.getTime()) };
}

/** Finds the one count of several that fails, to name it. */
async function brokenCount<Tx>(
  session: Session<Tx>,
  orgId: string,
  targets: readonly RowsTarget[],
  now: Date,
  cause: unknown,
): Promise<ConfigurationError> {
  if (targets.length > 1) {
    for (const target of targets) {
      try {
        await countRows(session, orgId, [target], now);
      } catch (error) {
        if (error instanceof ConfigurationError) return error;
        throw error;
      }
    }
  }
  const named = targets.map(({ resourceType }) => resourceType).join(", ");
  return new ConfigurationError(
    `Counting ${named} failed: ${messageOf(cause)}. Check its \`table\`, \`orgColumn\` and \`where\`.`,
    { cause },
  );
}
