import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasDriverParameter, replacePlaceholders } from "./adapter.ts";
import { ConfigurationError } from "./errors.ts";
import { assertPlaceholders } from "./placeholders.ts";

const bound = (sql: string) => replacePlaceholders(sql, (name) => `<${name}>`);

/** SQL that holds `:name`, `?`, `$1` or `@x` only where they are no parameters. */
const untouched: readonly (readonly [string, string])[] = [
  ["a cast", "created_at::date > current_date and a :: text = b"],
  ["a literal", "note <> ':orgId ?' and note <> 'it''s :now @x'"],
  ["an empty literal", "note = '' and other = ''''"],
  ["a quoted name", 'weird = "a:orgId ?" and "b"":now" = 1'],
  ["a backquoted name", "`a:orgId ?` = 1 and `b``:now` = 1"],
  ["a line comment", "a = 1 -- :orgId ? 'it\nand b = 1"],
  ["a line comment at the end", "a = 1 -- :orgId ?"],
  ["a block comment", "a = 1 /* :orgId\n ? ' */ and b = 1"],
  ["a dollar quote", "note <> $$ :orgId ' ? $$ and b = 1"],
  ["a tagged dollar quote", "note <> $tag$ :orgId $$ :now $tag$ and b = 1"],
  ["an array slice", "tags[1:2] = '{}' and a[1 : 2] = '{}'"],
  ["a time", "at > '12:30:00' and x = 12:30"],
  ["a colon alone", "a = ':' and b : c"],
];

describe("a placeholder", () => {
  test.each([
    ["alone", "org = :orgId", "org = <orgId>"],
    ["several times", ":orgId = a or b = :orgId", "<orgId> = a or b = <orgId>"],
    ["beside another", "a > :now and b > :nowMs", "a > <now> and b > <nowMs>"],
    ["without spaces", "(a=:orgId)and(b<:nowMs)", "(a=<orgId>)and(b<<nowMs>)"],
    ["at the very end, after punctuation", "a in (:orgId,:now);", "a in (<orgId>,<now>);"],
    ["before a cast", "a > :now::timestamptz", "a > <now>::timestamptz"],
    ["after a cast", "a::text=:orgId", "a::text=<orgId>"],
    ["after a literal", "a = 'x':orgId", "a = 'x'<orgId>"],
    ["between comments", "/* a */:orgId-- b", "/* a */<orgId>-- b"],
    ["after a line comment", "a = 1 -- :no\n and b = :orgId", "a = 1 -- :no\n and b = <orgId>"],
    ["with underscores and digits", ":a_1 :_b", "<a_1> <_b>"],
    ["after an apostrophe that is never closed", "it's :orgId", "it's <orgId>"],
  ])("is replaced %s", (_where, sql, expected) => {
    expect(bound(sql)).toBe(expected);
  });

  test.each(untouched)("is not seen in %s", (_what, sql) => {
    expect(bound(sql)).toBe(sql);
  });

  test("may be replaced by anything, also what looks like one, or like a replacement pattern", () => {
    expect(replacePlaceholders(":orgId", () => "$& $1 :now ?")).toBe("$& $1 :now ?");
  });
});

describe("text without placeholders", () => {
  const fragment = fc.constantFrom(...untouched.map(([, sql]) => `${sql}\n`));
  test("comes back unchanged, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }).filter((sql) => !/:[A-Za-z_]/.test(sql)),
        (sql) => bound(sql) === sql,
      ),
    );
    fc.assert(fc.property(fc.array(fragment), (parts) => bound(parts.join(" and ")) === parts.join(" and ")));
  });

  test("keeps everything around a placeholder, in order", () => {
    fc.assert(
      fc.property(fc.array(fragment), fc.array(fragment), (before, after) => {
        expect(bound([...before, ":orgId", ...after].join(" and "))).toBe(
          [...before, "<orgId>", ...after].join(" and "),
        );
      }),
    );
  });

  test("never takes long, however many quotes are left open", () => {
    const start = performance.now();
    for (const open of ["'", '"', "`", "$", "$$", "$a$", "/*", "--", ":", "?"]) bound(open.repeat(20_000));
    bound("'a".repeat(20_000));
    bound("/* *".repeat(20_000));
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe("a driver's own parameter", () => {
  test.each([
    "a = ?",
    "a = ?1",
    "a = @name",
    "a = $name",
    "a = $1",
    "a in (?, ?)",
    "a=?",
    "':x' = ?",
    "/* ? */ a = ?",
    "a = ? -- ?",
  ])("is found in %s", (sql) => {
    expect(hasDriverParameter(sql)).toBe(true);
  });

  test.each<readonly [string, string]>([
    ...untouched,
    ["our own placeholders", "a = :orgId and b > :now and c > :nowMs"],
    ["plain SQL", "archived_at is null"],
  ])("is not seen in %s", (_what, sql) => {
    expect(hasDriverParameter(sql)).toBe(false);
  });
});

describe("a `where`", () => {
  test.each<readonly [string, string]>([...untouched, ["our placeholders", "a = :orgId and b > :now and c > :nowMs"]])(
    "with %s is accepted",
    (_what, sql) => {
      expect(() => assertPlaceholders(sql)).not.toThrow();
    },
  );

  test.each(["org", "orgid", "OrgId", "orgId2", "now_", "nowms", "_"])(
    "with :%s is refused: nothing would be bound to it, and nothing counted",
    (name) => {
      for (const sql of [`a = :${name}`, `a = :orgId and b > :${name}`]) {
        expect(() => assertPlaceholders(sql)).toThrow(ConfigurationError);
        expect(() => assertPlaceholders(sql)).toThrow(
          `rows: ":${name}" in \`where\` is not bound. Use :orgId, :now or :nowMs, or write the value itself.`,
        );
      }
    },
  );

  test.each(["", " ", "\n\t"])("that is empty, %j, is refused", (sql) => {
    expect(() => assertPlaceholders(sql)).toThrow(
      "rows: `where` is empty; leave it out to count every row of the organisation.",
    );
  });
});
