import { InvalidRequestError } from "@x/entitlements-core/errors";

/**
 * A value as SQL takes it literally. Statements carry their values so that several can travel in one message, which has no
 * parameters.
 * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-STRINGS-ESCAPE
 */
export function literal(value: string | number | boolean | Date | null): string {
  if (value === null) return "null";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (value instanceof Date) return `timestamptz '${value.toISOString()}'`;
  if (typeof value === "number") return wholeNumber(value);
  if (value.includes("\0"))
    throw new InvalidRequestError("value", "PostgreSQL's text cannot hold a NUL character. Take it out.");
  const quoted = value.replaceAll("'", "''");
  // Right whatever `standard_conforming_strings` says.
  return quoted.includes("\\") ? ` E'${quoted.replaceAll("\\", "\\\\")}'` : `'${quoted}'`;
}

/** A list of texts. */
export function textArray(values: readonly string[]): string {
  return `array[${values.map(literal).join(", ")}]::text[]`;
}

function wholeNumber(value: number): string {
  if (!Number.isSafeInteger(value))
    throw new InvalidRequestError("value", `${value} is not a whole number kept exactly.`);
  return value < 0 ? `(${value})` : String(value);
}
