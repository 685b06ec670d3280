/** Input as it may stand in a message: quoted, on one line, and short. Never runs the input's own code. */
export function quote(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : named(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

// `String(value)` would throw on an object without a usable `toString`, such as a parsed query or hostile JSON.
function named(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function" || typeof value === "symbol") return `a ${typeof value}`;
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "an invalid date" : "a date";
  return Array.isArray(value) ? "an array" : "an object";
}
