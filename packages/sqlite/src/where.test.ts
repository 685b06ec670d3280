import { counter, createEntitlements, type RowsResource, rows } from "@x/entitlements-core";
import { describe, expect, it } from "vitest";
import { countProjects, createScratch, insertProject, numberOf, type Scratch } from "./fixtures/scratch.ts";

const project = { orgId: "acme", resourceType: "quota:project" } as const;

/** An application that counts projects on this condition; past `rows()`, which refuses some before. */
function counting(where: string, scratch: Scratch = createScratch(), clock?: () => Date) {
  const resource: RowsResource = { kind: "rows", label: "Projects", table: "project", orgColumn: "org_id", where };
  const resources = {
    "quota:any": rows({ label: "Any", table: "project", orgColumn: "org_id" }),
    "quota:credit": counter({ label: "Credits" }),
    "quota:project": resource,
  };
  return { ...scratch, entitlements: createEntitlements({ adapter: scratch.adapter(), resources, clock }) };
}

describe("a condition that cannot be right", () => {
  it.each([
    ["a syntax error", "archived_at is is null"],
    ["an unfinished one", "archived_at is null and ("],
    ["one that closes more than it opens", "archived_at is null)"],
    ["two statements", "archived_at is null); delete from project; --"],
    ["an unfinished comment", "archived_at is null /* for now"],
    ["an unknown column", "deleted_at is null"],
    ["an unknown column, quoted", '"deleted_at" is null'],
    ["an unknown function", "is_archived(id)"],
    ["an unknown table", "id in (select project_id from archive)"],
    ["an unknown collation", "archived_at = '' collate nowhere"],
    ["an aggregate", "count(*) > 1"],
    ["a NUL", "archived_at is null \0 and 1"],
    ["a calculation that fails", "abs(-9223372036854775807 - 1) > 0"],
    ["a function that fails", "json_extract('{', '$') is null"],
    ["?", "id > ?"],
    ["a numbered parameter", "id > ?1"],
    ["@name", "id > @least"],
    ["$name", "id > $least"],
    ["#name", "id > #least"],
    ["a name that is not bound", "id > :least"],
    ["a name that only begins like one that is bound", "archived_at > :nowé"],
    ["a longer one", "archived_at > :now$"],
    ["one with a suffix, as Tcl has it", "archived_at > :now(x)"],
    ["PostgreSQL's dollar quotes", "archived_at = $$2026$$"],
    ["PostgreSQL's cast", "archived_at::text is null"],
  ])("is a ConfigurationError that names the resource, and nothing is granted: %s", async (_what, where) => {
    const { entitlements, host, adapter } = counting(where);
    host.exec("insert into project (org_id) values ('acme')");
    await adapter().migrate();
    for (const call of [
      () => entitlements.migrate(),
      () => entitlements.enforce(project, () => expect.fail("the function must not run")),
      () =>
        entitlements.enforce({ orgId: "acme", claims: { "quota:any": 1, "quota:project": 1 } }, () => expect.fail()),
      () => entitlements.consume({ orgId: "acme", claims: { "quota:credit": 1, "quota:project": 1 } }),
      () => entitlements.check(project),
      () => entitlements.usage({ orgId: "acme" }),
    ]) {
      const failed = call();
      await expect(failed).rejects.toMatchObject({ code: "ENTITLEMENT_CONFIGURATION", status: 500 });
      await expect(failed).rejects.toThrow("quota:project");
    }
    expect(await entitlements.doctor()).toMatchObject([{ severity: "error", fix: null }]);
    expect([countProjects(host), numberOf(host, "select count(*) from org_entitlement")]).toEqual([1, 0]);
    // What has nothing to do with it goes on.
    await entitlements.enforce({ orgId: "acme", resourceType: "quota:any" }, (tx) => insertProject(tx));
  });
});

describe("a condition may", () => {
  // In the file: one archived yesterday, one to be archived tomorrow, one never, and one of another organisation's.
  const moment = new Date("2026-05-05T12:00:00.000Z");
  it.each<[string, string, number]>([
    ["say anything", "archived_at is null", 1],
    ["hold OR", "archived_at is null or archived_at is not null", 3],
    ["end in a comment", "archived_at is null -- only those that live", 1],
    ["hold comments with parameters in them", "/* ? $1 :x */ archived_at is null -- @y", 1],
    ["use :now", "archived_at <= :now", 1],
    ["use :nowMs", `:nowMs = ${moment.getTime()}`, 3],
    ["use :orgId", "org_id = :orgId", 3],
    ["use them several times", ":now = :now and :orgId in (org_id, 'x')", 3],
    ["use text with parameters in it", "'it''s :x ? $y @z' <> coalesce(archived_at, '')", 3],
    ["use quoted names with parameters in them", '(select ":x ?" from (select 1 as ":x ?")) = 1', 3],
    ["use names in brackets and backticks", "[archived_at] is null and (select `@y` from (select 1 as `@y`))", 1],
    ["ask other tables", "exists (select 1 from project as other where other.org_id <> project.org_id)", 3],
    ["name the table", "project.archived_at is null", 1],
    ["use a division by zero, which SQLite makes null", "1 / 0 is null", 3],
  ])("%s", async (_what, where, expected) => {
    const { entitlements, host } = counting(where, createScratch(), () => moment);
    host.exec(`insert into project (org_id, archived_at) values
      ('acme', '2026-05-04T12:00:00.000Z'), ('acme', '2026-05-06T12:00:00.000Z'), ('acme', null), ('other', null)`);
    await entitlements.migrate();
    expect(await entitlements.check(project)).toMatchObject({ current: expected });
    expect(await entitlements.enforce(project, (_tx, grant) => grant.claims[0]?.current)).toBe(expected);
  });
});
