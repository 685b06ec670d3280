import { ConfigurationError, quote } from "./errors.ts";

/** What a `where` may refer to: the organisation, and the moment as the storage writes dates or in milliseconds. */
const NAMES: readonly string[] = ["orgId", "now", "nowMs"];

// Literals, quoted names, comments and `::` casts come first so that nothing inside them is taken for a placeholder.
const TOKENS =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|::|:([A-Za-z_]\w*)|[?@$]\w*/g;

/** Replaces each `:name` of a trusted SQL text that is not inside a literal, a quoted name, a comment or a cast. */
export function replacePlaceholders(sql: string, replace: (name: string) => string): string {
  return sql.replace(TOKENS, (token, _tag: string | undefined, name: string | undefined) =>
    name === undefined ? token : replace(name),
  );
}

/** Whether a trusted SQL text holds a driver's own parameter (`?`, `?1`, `@name`, `$name`), which nothing would bind. */
export function hasDriverParameter(sql: string): boolean {
  return (sql.match(TOKENS) ?? []).some((token) => /^[?@$]\w*$/.test(token));
}

/** Throws a `ConfigurationError` where a `where` names a placeholder that will not be bound: it would count nothing. */
export function assertPlaceholders(sql: string): void {
  if (typeof sql !== "string") throw new ConfigurationError(`rows: \`where\` must be SQL text, not ${quote(sql)}.`);
  if (sql.trim() === "")
    throw new ConfigurationError("rows: `where` is empty; leave it out to count every row of the organisation.");
  replacePlaceholders(sql, (name) => {
    if (NAMES.includes(name)) return name;
    throw new ConfigurationError(
      `rows: ${quote(`:${name}`)} in \`where\` is not bound. Use :orgId, :now or :nowMs, or write the value itself.`,
    );
  });
}
