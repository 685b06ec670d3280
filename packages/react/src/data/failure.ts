import { property } from "./property.ts";

/** A failure that a client answers with instead of throwing: a `Response`, or `{ error }`. */
export function failureIn(value: unknown): { readonly error: unknown } | null {
  if (typeof Response !== "undefined" && value instanceof Response) return value.ok ? null : { error: value };
  const error = property(value, "error");
  return error ? { error } : null;
}
