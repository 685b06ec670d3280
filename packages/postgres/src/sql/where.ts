import { ConfigurationError } from "@x/entitlements-core/errors";

/** What a `where` and a `key` may name, as SQL. */
export interface Bound {
  readonly orgId: string;
  readonly now: string;
  readonly nowMs: string;
}

/** Comments lie within comments; nobody nests them deeper than this. */
const COMMENT = [1, 2, 3].reduce(
  (inner) => String.raw`\/\*(?:[^*/]|\*(?!\/)|\/(?!\*)${inner && `|${inner}`})*\*\/`,
  "",
);

// As PostgreSQL reads them: texts, quoted names, comments and casts come first, so that nothing inside them is taken for a
// parameter. A colon before a number or an operator (`a[1:2]`) is none either.
const TOKENS = new RegExp(
  [
    String.raw`[eE]'(?:[^'\\]|\\[\s\S]|'')*'`,
    `'(?:[^']|'')*'`,
    `"(?:[^"]|"")*"`,
    String.raw`(?<tag>\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)[\s\S]*?\k<tag>`,
    String.raw`--[^\n\r]*`,
    COMMENT,
    "::",
    ":=",
    String.raw`(?<parameter>:[A-Za-z_]\w*|\$\d+)`,
  ].join("|"),
  "g",
);

/** The SQL of a `where` or `key` with its parameters put in. Throws a `ConfigurationError` on one that nothing binds. */
export function bind(what: string, sql: string, bound: Bound): string {
  return sql.replaceAll(TOKENS, (token, ...rest) => {
    const groups: { parameter?: string } = Object(rest.at(-1));
    switch (groups.parameter) {
      case undefined:
        return token;
      case ":orgId":
        return bound.orgId;
      case ":now":
        return bound.now;
      case ":nowMs":
        return bound.nowMs;
      default:
        throw new ConfigurationError(
          `The ${what} holds ${JSON.stringify(token)}, which nothing binds. Use :orgId, :now or :nowMs, or write the value itself.`,
        );
    }
  });
}
