import type { RowsSource } from "@x/entitlements-core";

/** What is bound in a `where`. */
const BOUND: readonly string[] = [":orgId", ":now", ":nowMs"];

// As SQLite reads them: texts, quoted names and comments come first, so that nothing inside them is taken for a parameter.
export const TOKENS =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?\*\/|(?<parameter>[?@$:#](?:[\w$\u0080-\uffff]|::|\([^\s)]*\))*)/g;

/**
 * Where a `where` or `key` holds a parameter that nothing binds, what is wrong with it; else null. SQLite would take it for
 * null, the condition would hold for no row, and nothing would be limited.
 */
export function unboundParameter(resourceType: string, { where = "", key = "" }: RowsSource<string>): string | null {
  for (const [name, sql] of Object.entries({ where, key })) {
    for (const { groups } of sql.matchAll(TOKENS)) {
      const parameter = groups?.["parameter"];
      if (parameter === undefined || BOUND.includes(parameter)) continue;
      return `The \`${name}\` of ${resourceType} holds ${JSON.stringify(parameter)}, which SQLite takes for a parameter that is never bound. Use :orgId, :now or :nowMs, or write the value itself.`;
    }
  }
  return null;
}
