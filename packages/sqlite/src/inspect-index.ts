import type { RowsSource } from "@x/entitlements-core";
import type { Finding } from "@x/entitlements-core/adapter";
import { integer, type Session, text } from "./session.ts";
import { quoteName, quoteTable, tableOf } from "./sql/names.ts";

/** The index that counting these rows wants, where there is none. */
export async function findMissingIndex<Tx>(
  session: Session<Tx>,
  resourceType: string,
  { table, orgColumn, where }: RowsSource<string>,
): Promise<readonly Finding[]> {
  const { name, schema } = tableOf(table);
  const [found] = await session.all(
    `select schema from pragma_table_list
    where type = 'table' and lower(name) = lower(:name) and (:schema is null or lower(schema) = lower(:schema))`,
    { name, schema },
  );
  // A view or a virtual table has no index of its own.
  if (found === undefined) return [];
  const owner = String(found["schema"]);
  if (await isIndexed(session, { schema: owner, name, orgColumn, where })) return [];
  const index = `${quoteName(owner)}.${quoteName(`entitlements_${name}_${orgColumn}`)}`;
  return [
    {
      severity: "warning",
      message: `Counting ${resourceType} reads the whole table ${quoteTable(table)}: no index for it begins with "${orgColumn}".`,
      fix: `create index ${index} on ${quoteName(name)} (${quoteName(orgColumn)})`,
    },
  ];
}

interface Wanted {
  readonly schema: string;
  readonly name: string;
  readonly orgColumn: string;
  readonly where: string | undefined;
}

/** Whether the primary key or an index begins with the column; a partial one only where its condition is the `where`. */
async function isIndexed<Tx>(session: Session<Tx>, { schema, name, orgColumn, where }: Wanted): Promise<boolean> {
  const found = await session.all(
    `select 0 as partial, null as sql from pragma_table_xinfo(:name, :schema)
    where pk = 1 and lower(name) = lower(:orgColumn)
    union all
    select list.partial, made.sql
    from pragma_index_list(:name, :schema) as list, pragma_index_info(list.name, :schema) as part
    left join ${quoteName(schema)}.sqlite_schema as made on made.type = 'index' and made.name = list.name
    where part.seqno = 0 and lower(part.name) = lower(:orgColumn)`,
    { name, schema, orgColumn },
  );
  return found.some(
    ({ partial, sql }) => integer(partial) === 0 || packed(text(sql) ?? "").endsWith(packed(`where ${where ?? ""}`)),
  );
}

/** SQL without what makes no difference, roughly. */
function packed(sql: string): string {
  return sql.toLowerCase().replaceAll(/[\s()]/g, "");
}
