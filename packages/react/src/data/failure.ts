/** A failure that a client answers with instead of throwing: a `Response`, or `{ error }`. */
export function failureIn(value: unknown): { readonly error: unknown } | null {
  if (typeof Response !== "undefined" && value instanceof Response) return value.ok ? null : { error: value };
  if (typeof value !== "object" || value === null || !("error" in value)) return null;
  return value.error ? { error: value.error } : null;
}
