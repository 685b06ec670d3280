import { type Session, text } from "../session.ts";
import { tableOf } from "./names.ts";
import { type RowsTarget, sourcesOf } from "./rows.ts";

/**
 * Whether SQLite compares the ids of a target as numbers, so that "7", "07" and "7.0" would be one organisation to it.
 * @see https://www.sqlite.org/datatype3.html#determination_of_column_affinity
 */
export async function hasNumericIds<Tx>(session: Session<Tx>, { resource }: RowsTarget): Promise<boolean> {
  for (const { table, orgColumn } of sourcesOf(resource)) {
    const { schema, name } = tableOf(table);
    const [column] = await session.all(
      "select type from pragma_table_xinfo(:name, :schema) where lower(name) = lower(:orgColumn)",
      { schema, name, orgColumn },
    );
    const type = (text(column?.["type"]) ?? "").toUpperCase();
    const isNumber = type.includes("INT") || !/CHAR|CLOB|TEXT|BLOB|ANY|^$/.test(type);
    if (isNumber) return true;
  }
  return false;
}

/** Whether a number is written as SQLite writes an integer, so that no two ids are one. */
export function isCanonicalNumber(id: string): boolean {
  return /^(0|-?[1-9]\d{0,18})$/.test(id);
}
