import type { RowsSource } from "@x/entitlements-core";
import { isStorageError } from "@x/entitlements-core/errors";
import { isStatementError, messageOf } from "../driver-errors.ts";
import { integer, type Session, text } from "../session.ts";
import { quoteName, quoteTable, tableOf } from "./names.ts";
import { bound, type RowsTarget, sourcesOf } from "./rows.ts";
import { unboundParameter } from "./where.ts";

/** Why the rows of a target would not be counted as they should, in words for the developer; null where they will. */
export async function findFault<Tx>(
  session: Session<Tx>,
  { resourceType, resource }: RowsTarget,
): Promise<string | null> {
  for (const source of sourcesOf(resource)) {
    const fault =
      unboundParameter(resourceType, source) ??
      (await missingPart(session, resourceType, source)) ??
      (await unequalIds(session, resourceType, source)) ??
      (await aggregateKey(session, resourceType, source));
    if (fault !== null) return fault;
  }
  return null;
}

/** What is missing of the host's table and column. SQLite compares names without case. */
async function missingPart<Tx>(
  session: Session<Tx>,
  resourceType: string,
  { table, orgColumn }: RowsSource,
): Promise<string | null> {
  const { schema, name } = tableOf(table);
  const schemas = await session.all("select name from pragma_database_list where lower(name) = lower(:schema)", {
    schema,
  });
  const known = schema === null || schemas.length > 0;
  const found = known ? await session.all("select name from pragma_table_xinfo(:name, :schema)", { name, schema }) : [];
  const shown = schema === null ? `"${name}"` : `"${schema}"."${name}"`;
  if (found.length === 0)
    return `${resourceType} counts the rows of table ${shown}, which does not exist. Create it first, or mend \`table\`.`;
  if (found.some((column) => String(column["name"]).toLowerCase() === orgColumn.toLowerCase())) return null;
  return `${resourceType} finds the organisation in column "${orgColumn}" of table ${shown}, which does not exist. Mend \`orgColumn\`.`;
}

/** An aggregate would make one key of all rows, and count them as one. SQLite allows none in a condition. */
async function aggregateKey<Tx>(
  session: Session<Tx>,
  resourceType: string,
  { table, key }: RowsSource,
): Promise<string | null> {
  if (key === undefined) return null;
  try {
    await session.all(`select 1 from ${quoteTable(table)} where (${key}\n) is null limit 0`, bound("", new Date()));
    return null;
  } catch (error) {
    if (!isStorageError(error) || !isStatementError(error.cause)) throw error;
    return `The \`key\` of ${resourceType} must be an expression on one row: ${messageOf(error.cause)}. Mend \`key\`.`;
  }
}

/**
 * Ids that are kept as something that no text equals (blobs; numbers in a column without a numeric type) would be counted
 * for nobody. SQLite sorts numbers before texts and blobs after them, so the least and the greatest id tell. null: they are
 * right; undefined: there are none yet.
 * @see https://www.sqlite.org/datatype3.html#sort_order
 */
export async function unequalIds<Tx>(
  session: Session<Tx>,
  resourceType: string,
  source: RowsSource<string>,
): Promise<string | null | undefined> {
  const table = quoteTable(source.table);
  const column = `${table}.${quoteName(source.orgColumn)}`;
  for (const end of ["min", "max"]) {
    const [id] = await session.all(
      `select typeof(id) as type, cast(id as text) as orgId from (select ${end}(${column}) as id from ${table})`,
    );
    const orgId = text(id?.["orgId"]);
    if (orgId === null) return undefined;
    const [row] = await session.all(`select exists(select 1 from ${table} where ${column} = :orgId) as found`, {
      orgId,
    });
    if (id?.["type"] !== "blob" && integer(row?.["found"]) === 1) continue;
    return `${resourceType} finds the organisation in column "${source.orgColumn}" of table ${table}, which holds ids of type ${String(id?.["type"])}: no organisation's id, a text, equals them, so nothing would be counted. Keep the ids as text.`;
  }
  return null;
}
