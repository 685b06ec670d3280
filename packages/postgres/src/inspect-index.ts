import type { RowsSource } from "@x/entitlements-core";
import type { Finding } from "@x/entitlements-core/adapter";
import type { Session } from "./session.ts";
import { literal } from "./sql/literal.ts";
import { quoteName, quoteTable } from "./sql/names.ts";

/** The index that counting these rows wants, where there is none. */
export async function findMissingIndex<Tx>(
  session: Session<Tx>,
  resourceType: string,
  { table, orgColumn }: RowsSource,
): Promise<readonly Finding[]> {
  const name = quoteTable(table);
  const [found] = await session.rows(
    `select (host.relkind in ('r', 'p'))::text as has_indexes, exists(
      select 1 from pg_index as made
      join pg_attribute as col on col.attrelid = host.oid and col.attnum = made.indkey[0]
      where made.indrelid = host.oid and made.indisvalid and col.attname = ${literal(orgColumn)})::text as indexed
    from pg_class as host where host.oid = to_regclass(${literal(name)})`,
  );
  // A view has no index of its own, and a table that is not there is another finding.
  if (found?.["has_indexes"] !== "true" || found["indexed"] === "true") return [];
  return [
    {
      severity: "warning",
      message: `Counting ${resourceType} reads the whole table ${name}: no index for it begins with "${orgColumn}".`,
      fix: `create index concurrently on ${name} (${quoteName(orgColumn)})`,
    },
  ];
}
