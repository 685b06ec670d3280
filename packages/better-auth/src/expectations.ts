import type { Expectation } from "@x/entitlements-core";
import { quoteName, quoteTable, quoteText } from "./names.ts";
import type { MemberTable } from "./tables.ts";

/** What better-auth leaves open, and the statements that close it. */
export function expectations({ table, organizationId, userId }: MemberTable, holdMs: number): readonly Expectation[] {
  const columns = [organizationId, userId];
  const name = typeof table === "string" ? table : table.name;
  const of = typeof table === "string" ? "" : `, ${quoteText(table.schema)}`;
  const index = quoteName(`entitlements_${name}_once`);
  const inSchema = typeof table === "string" ? "" : `${quoteName(table.schema)}.`;
  const list = columns.map(quoteName).join(", ");
  const texts = columns.map(quoteText).join(", ");
  return [
    {
      message: `Nothing keeps a user from being a member of one organisation twice: ${quoteTable(table)} has no unique index on it. Such a member takes one seat.`,
      condition: {
        postgres: `exists(select 1 from pg_index as made where made.indrelid = to_regclass(${quoteText(quoteTable(table))})
          and made.indisunique and made.indisvalid and made.indpred is null and made.indexprs is null
          and array(select attname::text from pg_attribute where attrelid = made.indrelid
            and attnum = any((made.indkey::int2[])[0:made.indnkeyatts - 1])) <@ array[${texts}])`,
        sqlite: `exists(select 1 from pragma_index_list(${quoteText(name)}${of}) as list where list."unique" and not list.partial
          and not exists(select 1 from pragma_index_info(list.name${of}) as part where part.name is null or part.name not in (${texts})))`,
      },
      fix: {
        postgres: `create unique index ${index} on ${quoteTable(table)} (${list})`,
        sqlite: `create unique index ${inSchema}${index} on ${quoteName(name)} (${list})`,
      },
    },
    {
      message: `better-auth writes after its hook, and the seat is held for ${holdMs} ms. A statement of its that this database keeps waiting for longer may take a seat that somebody else has got meanwhile; a statement_timeout well below that ends it first.`,
      // SQLite's drivers wait for seconds.
      condition: {
        postgres: `(select setting::bigint from pg_settings where name = 'statement_timeout') between 1 and ${holdMs - 1}`,
        sqlite: "1 = 1",
      },
      fix: {
        postgres: `alter role current_user set statement_timeout = '${Math.max(1, Math.floor(holdMs / 2))}ms'`,
        sqlite: "select 1",
      },
    },
  ];
}
