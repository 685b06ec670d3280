import { join } from "node:path";
import { createEntitlements, rows, type TableName } from "@x/entitlements-core";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import { type Connection, createScratch, type Scratch } from "./fixtures/scratch.ts";

/** An application whose projects are found in this table and column. */
function counting(scratch: Scratch, table: TableName, orgColumn: string, open?: () => Connection) {
  return createEntitlements({
    adapter: scratch.adapter({}, open),
    resources: {
      "quota:other": rows({ label: "Others", table: "sqlite_schema", orgColumn: "name" }),
      "quota:project": rows({ label: "Projects", table, orgColumn }),
    },
  });
}

const project = { orgId: "acme", resourceType: "quota:project" } as const;

describe("a table or column that is not there", () => {
  it.each([
    ["table", "projects", "org_id", '"projects"'],
    ["column", "project", "organisation", '"organisation"'],
    // SQLite takes such a name for a text: the count would be 0 for ever.
    ["column that is the organisation's id", "project", "acme", '"acme"'],
    ["table in a schema", { schema: "main", name: "projects" }, "org_id", '"main"."projects"'],
    ["schema", { schema: "elsewhere", name: "project" }, "org_id", '"elsewhere"."project"'],
    ["table with a statement in its name", 'project"; drop table project; --', "org_id", "drop table"],
  ])("is named by migrate(), on first use and by doctor(): a %s", async (_what, table, orgColumn, named) => {
    const scratch = createScratch();
    const entitlements = counting(scratch, table, orgColumn);
    for (const call of [
      () => entitlements.migrate(),
      () => entitlements.enforce(project, () => expect.fail("the function must not run")),
      () => entitlements.check(project),
      () => entitlements.usage({ orgId: "acme" }),
    ]) {
      const failed = call();
      await expect(failed).rejects.toMatchObject({ code: "ENTITLEMENT_CONFIGURATION" });
      await expect(failed).rejects.toThrow(named);
      await expect(failed).rejects.toThrow("quota:project");
    }
    expect(await entitlements.doctor()).toMatchObject([
      {},
      { severity: "error", message: expect.stringContaining(named), fix: null },
    ]);
  });

  it("is noticed in a transaction of the caller's too, which stays usable", async () => {
    const scratch = createScratch();
    const entitlements = counting(scratch, "projects", "org_id");
    await scratch.adapter().migrate();
    const { host } = scratch;
    host.exec("begin immediate");
    await expect(entitlements.enforce({ ...project, tx: host }, () => {})).rejects.toThrow('"projects"');
    host.exec("create table projects (org_id text); commit");
    expect(await entitlements.check(project)).toMatchObject({ current: 0 });
  });

  it("is noticed where it went away later: the count fails, and nothing is granted", async () => {
    const scratch = createScratch();
    const entitlements = counting(scratch, "project", "org_id");
    await entitlements.migrate();
    await entitlements.enforce(project, () => {});
    scratch.host.exec("alter table project rename to project_old");
    const failed = entitlements.enforce(project, () => expect.fail("the function must not run"));
    await expect(failed).rejects.toMatchObject({ code: "ENTITLEMENT_CONFIGURATION" });
    await expect(failed).rejects.toThrow(/quota:project.*no such table/);
    scratch.host.exec("alter table project_old rename to project; alter table project add column note text");
    await entitlements.enforce(project, () => {});
  });
});

describe("a table is found by its name", () => {
  it.each([
    ["with quotes", `we"ird'table`, `or"g'id`],
    ["with spaces", "my projects", "the organisation"],
    ["of SQL's own words", "table", "select"],
    ["in capitals", "PROJECT_IN_CAPITALS", "ORG_ID"],
    ["of other letters", "проект", "組織"],
    ["with brackets and backticks", "a`b[c]", "d`e[f]"],
    ["with a colon and a question mark", ":orgId", "?1"],
  ])("%s", async (_what, table, orgColumn) => {
    const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
    const scratch = createScratch(`create table ${quoted(table)} (${quoted(orgColumn)} text primary key)`);
    const entitlements = counting(scratch, table, orgColumn);
    await entitlements.migrate();
    scratch.host.exec(`insert into ${quoted(table)} values ('acme')`);
    expect(await entitlements.check(project)).toMatchObject({ current: 1 });
  });

  it("whatever its case, as SQLite finds it", async () => {
    const scratch = createScratch(
      'create table "Project" ("Org_Id" text primary key); insert into project values (\'acme\')',
    );
    const entitlements = counting(scratch, "PROJECT", "oRG_iD");
    await entitlements.migrate();
    expect(await entitlements.check(project)).toMatchObject({ current: 1 });
  });

  it("in another database that the factory attaches", async () => {
    const scratch = createScratch("");
    const other = join(scratch.folder, "other's.db");
    const open = (): Connection => {
      const connection = new Database(scratch.file);
      connection.exec(`attach '${other.replaceAll("'", "''")}' as "the other"`);
      return connection;
    };
    const host = open();
    host.exec('create table "the other".project (org_id text); insert into "the other".project values (\'acme\')');
    const entitlements = counting(scratch, { schema: "the other", name: "project" }, "org_id", open);
    await entitlements.migrate();
    await entitlements.enforce(project, (tx) => tx.exec("insert into \"the other\".project values ('acme')"));
    expect(await entitlements.check(project)).toMatchObject({ current: 2 });
    await expect(
      entitlements.enforce(project, (tx) => {
        tx.exec("insert into \"the other\".project values ('acme')");
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    expect(await entitlements.check(project)).toMatchObject({ current: 2 });
    host.close();
  });

  it("which may be a view", async () => {
    const scratch = createScratch("create table t (o text); create view project as select o as org_id from t");
    const entitlements = counting(scratch, "project", "org_id");
    await entitlements.migrate();
    await entitlements.enforce(project, (tx) => tx.exec("insert into t values ('acme')"));
    expect(await entitlements.check(project)).toMatchObject({ current: 1 });
  });

  it("whose organisation column holds numbers", async () => {
    const scratch = createScratch("create table project (org_id integer not null); insert into project values (42)");
    const entitlements = counting(scratch, "project", "org_id");
    await entitlements.migrate();
    expect(await entitlements.check({ ...project, orgId: "42" })).toMatchObject({ current: 1 });
  });
});
