import type { RowsSource } from "@x/entitlements-core";
import type { Session } from "../session.ts";
import { literal } from "./literal.ts";
import { quoteTable } from "./names.ts";
import { text } from "./values.ts";

/** Says whether an organisation's id is written as the database writes it; any other spelling of it would be a second organisation to us alone. */
export type IsCanonical = (orgId: string) => boolean;

const integer =
  (bits: bigint): IsCanonical =>
  (orgId) =>
    /^(0|-?[1-9]\d{0,18})$/.test(orgId) && BigInt.asIntN(Number(bits), BigInt(orgId)) === BigInt(orgId);

/** The types in which ids of organisations can be kept: two texts are equal in them only if no byte differs, or if one is not canonical. */
const TYPES: ReadonlyMap<string, IsCanonical> = new Map([
  ["text", () => true],
  ["varchar", () => true],
  ["bpchar", (orgId) => !orgId.endsWith(" ")],
  ["uuid", (orgId) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(orgId)],
  ["int2", integer(16n)],
  ["int4", integer(32n)],
  ["int8", integer(64n)],
]);

/** The rule for ids in the column of a source, or what is wrong with it, in words for the developer. */
export async function orgColumnOf<Tx>(
  session: Session<Tx>,
  resourceType: string,
  { table, orgColumn }: RowsSource,
): Promise<IsCanonical | string> {
  const name = quoteTable(table);
  const [found] = await session.rows(
    `select (to_regclass(${literal(name)}) is not null)::text as found, type.typname as type, base.typname as base,
      coalesce(collation_.collisdeterministic, true)::text as exact
    from (select to_regclass(${literal(name)}) as id) as host
    left join pg_attribute as col on col.attrelid = host.id and col.attname = ${literal(orgColumn)} and col.attnum > 0 and not col.attisdropped
    left join pg_type as type on type.oid = col.atttypid
    left join pg_type as base on base.oid = type.typbasetype
    left join pg_collation as collation_ on collation_.oid = col.attcollation`,
  );
  if (found?.["found"] !== "true")
    return `${resourceType} counts the rows of table ${name}, which does not exist or is not on the search_path. Create it first, or mend \`table\`; { schema, name } names a schema.`;
  const type = text(found["base"]) ?? text(found["type"]);
  if (type === null)
    return `${resourceType} finds the organisation in column "${orgColumn}" of table ${name}, which does not exist. Mend \`orgColumn\`.`;
  const rule = TYPES.get(type);
  if (rule !== undefined && found["exact"] === "true") return rule;
  return `${resourceType} finds the organisation in column "${orgColumn}" of table ${name}, whose ${rule === undefined ? `type ${type}` : "collation"} takes different texts for one id: they would share rows but no limit. Keep the ids as text (with a deterministic collation), varchar, uuid or an integer.`;
}
