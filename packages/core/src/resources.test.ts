import { describe, expect, test } from "vitest";
import { ConfigurationError, counted, counter, feature, rows } from "./index.ts";

const project = { label: "Projects", table: "project", orgColumn: "org_id" };

function expectRefused(define: () => unknown, message: string): void {
  expect(define).toThrow(ConfigurationError);
  expect(define).toThrow(expect.objectContaining({ code: "ENTITLEMENT_CONFIGURATION", status: 500, message }));
}

describe.each<[string, (definition: never) => unknown, object]>([
  ["rows", rows, project],
  ["counted", counted, { label: "Reports", count: () => 0 }],
  ["counter", counter, { label: "API keys" }],
  ["feature", feature, { label: "Single sign-on" }],
])("%s", (kind, define, definition) => {
  test("carries its kind and its definition", () => {
    expect(define(definition as never)).toEqual({ ...definition, kind });
    expect(define({ ...definition, kind } as never)).toEqual({ ...definition, kind });
  });

  test("wants a label, for people", () => {
    for (const label of [undefined, null, "", " \n", 5]) {
      expectRefused(
        () => define({ ...definition, label } as never),
        `${kind}: a resource needs a \`label\` for people, such as "Projects".`,
      );
    }
    expectRefused(
      () => define(undefined as never),
      `${kind}: a resource needs a \`label\` for people, such as "Projects".`,
    );
  });

  test("refuses a misspelt property: it would be ignored", () => {
    const known = [
      "label",
      ...Object.keys(definition).filter((key) => key !== "label"),
      ...(kind === "rows" ? ["where", "key", "also", "expects"] : []),
    ].join(", ");
    expectRefused(
      () => define({ ...definition, were: "x" } as never),
      `${kind} has no property "were". It takes: ${known}.`,
    );
  });
});

describe("rows", () => {
  test.each([
    ["", '""'],
    ["a\0b", String.raw`"a\u0000b"`],
    [undefined, "undefined"],
    [null, "null"],
    [5, "5"],
  ])("refuses %j as the name of a table, schema or column", (name, shown) => {
    const message = `rows: ${shown} cannot be the name of a table or column.`;
    expectRefused(() => rows({ ...project, table: name as never }), message);
    expectRefused(() => rows({ ...project, orgColumn: name as never }), message);
    expectRefused(() => rows({ ...project, table: { schema: "app", name: name as never } }), message);
    expectRefused(() => rows({ ...project, table: { schema: name as never, name: "project" } }), message);
  });

  test("takes any other name as it is: quotes, capitals, spaces, SQL", () => {
    for (const name of ["Project", 'pro"ject', "my table", "x; drop table y", "проект", "select"]) {
      expect(rows({ ...project, table: name, orgColumn: name })).toMatchObject({ table: name, orgColumn: name });
      expect(rows({ ...project, table: { schema: name, name } })).toMatchObject({ table: { schema: name, name } });
    }
  });

  test("refuses an empty `where` and one that is no text", () => {
    expectRefused(
      () => rows({ ...project, where: " " }),
      "rows: `where` is empty; leave it out to count every row of the organisation.",
    );
    expectRefused(() => rows({ ...project, where: 5 as never }), "rows: `where` must be SQL text, not 5.");
    expectRefused(() => rows({ ...project, where: null as never }), "rows: `where` must be SQL text, not null.");
  });

  test("takes a `where` for each kind of database, and refuses one of them alone", () => {
    const where = { postgres: "at > now()", sqlite: "at > :now" };
    expect(rows({ ...project, where }).where).toBe(where);
    expectRefused(
      () => rows({ ...project, where: { postgres: "true" } as never }),
      "rows: `where` must be SQL text, not undefined.",
    );
    expectRefused(
      () => rows({ ...project, where: { ...where, mysql: "true" } as never }),
      'rows: `where` has no property "mysql". It takes: postgres, sqlite.',
    );
  });

  test("takes what doctor() should find true, whole", () => {
    const expectation = { condition: "1 = 1", message: "One is two.", fix: "select 1" };
    expect(rows({ ...project, expects: [expectation] }).expects).toEqual([expectation]);
    expectRefused(() => rows({ ...project, expects: {} as never }), "rows: `expects` must be a list, not an object.");
    expectRefused(
      () => rows({ ...project, expects: [{ ...expectation, fix: "" }] }),
      "rows: `expects`: `fix` is empty.",
    );
    expectRefused(
      () => rows({ ...project, expects: [{ ...expectation, severity: "error" } as never] }),
      'rows: `expects` has no property "severity". It takes: condition, message, fix.',
    );
  });

  const invitation = { table: "invitation", orgColumn: "org_id", key: "email", pending: true };

  test("takes further sources, each with a key where the table has one", () => {
    const definition = { ...project, key: "email", also: [invitation, { ...invitation, pending: undefined }] };
    expect(rows(definition)).toEqual({ ...definition, kind: "rows" });
  });

  test.each<[string, object, RegExp]>([
    ["no list", { key: "email", also: invitation }, /`also` must be a list/],
    ["no object", { key: "email", also: ["invitation"] }, /`also` wants an object, not "invitation"/],
    ["a misspelt property", { key: "email", also: [{ ...invitation, open: true }] }, /`also` has no property "open"/],
    ["no table", { key: "email", also: [{ ...invitation, table: "" }] }, /`also`: "" cannot be the name/],
    ["an empty key", { key: "email", also: [{ ...invitation, key: " " }] }, /`also`: `key` is empty/],
    ["a key in one source alone", { also: [invitation] }, /to every source or to none/],
    [
      "a key in the table alone",
      { key: "email", also: [{ ...invitation, key: undefined }] },
      /to every source or to none/,
    ],
  ])("refuses further sources: %s", (_what, extra, message) => {
    expect(() => rows({ ...project, ...extra } as never)).toThrow(message);
  });

  test("keeps a proper `where` to the letter", () => {
    const where = "archived_at is null and expires_at > :now and owner <> ':org' -- :comment";
    expect(rows({ ...project, where }).where).toBe(where);
    expect(rows({ ...project, where: undefined }).where).toBeUndefined();
  });
});

test("counted wants a function that counts", () => {
  for (const count of [undefined, null, 5, "select count(*)"]) {
    expectRefused(
      () => counted({ label: "Reports", count: count as never }),
      "counted: `count` must be a function (tx, orgId) => number.",
    );
  }
});
