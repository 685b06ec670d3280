import { createEntitlements, type Finding, rows } from "@x/entitlements-core";
import { describe, expect, it } from "vitest";
import { createApp, createScratch, project, resources } from "./fixtures/scratch.ts";

const org = "org_id text not null";

/** What the doctor finds about a table; then what it finds once every statement of its findings was run. */
async function examine(schema: string, where?: string, table = "project"): Promise<readonly (readonly Finding[])[]> {
  const { host, adapter } = createScratch(schema);
  const definition = { label: "Projects", table, orgColumn: "org_id" };
  const entitlements = createEntitlements({
    adapter: adapter(),
    resources: { "quota:project": rows(where === undefined ? definition : { ...definition, where }) },
  });
  await entitlements.migrate();
  const before = await entitlements.doctor();
  for (const { fix } of before) host.exec(fix ?? "");
  return [before, await entitlements.doctor()];
}

describe("doctor()", () => {
  it("finds nothing where all is well", async () => {
    const { entitlements } = await createApp();
    expect(await entitlements.doctor()).toEqual([]);
  });

  it("says that migrate() has not been run, and afterwards no more", async () => {
    const entitlements = createEntitlements({ adapter: createScratch().adapter(), resources });
    expect(await entitlements.doctor()).toMatchObject([{ severity: "error", fix: "await entitlements.migrate()" }]);
    await entitlements.migrate();
    expect(await entitlements.doctor()).toEqual([]);
  });

  it("tells what the definition expects of the database until it holds", async () => {
    const { host, adapter } = createScratch(`create table project (id text, ${org} primary key)`);
    const fix = { postgres: "no SQL for this database", sqlite: "create unique index once on project (id)" };
    const condition = {
      postgres: fix.postgres,
      sqlite: "exists(select 1 from pragma_index_list('project') where name = 'once')",
    };
    const expects = [{ condition, message: "Two projects may be one.", fix }];
    const entitlements = createEntitlements({
      adapter: adapter(),
      resources: { "quota:project": rows({ label: "Projects", table: "project", orgColumn: "org_id", expects }) },
    });
    await entitlements.migrate();
    expect(await entitlements.doctor()).toEqual([
      { severity: "warning", message: "Two projects may be one.", fix: fix.sqlite },
    ]);
    host.exec(fix.sqlite);
    expect(await entitlements.doctor()).toEqual([]);
  });

  it("takes a `where` that differs by database in SQLite's words", async () => {
    const { host, adapter } = createScratch(`create table project (id text, ${org})`);
    host.exec("insert into project values ('a', 'acme'), ('b', 'acme')");
    const where = { postgres: "no SQL for this database", sqlite: "iif(id = 'a', 1, 0)" };
    const entitlements = createEntitlements({
      adapter: adapter(),
      resources: { "quota:project": rows({ label: "Projects", table: "project", orgColumn: "org_id", where }) },
    });
    await entitlements.migrate();
    expect(await entitlements.check({ orgId: "acme", resourceType: "quota:project" })).toMatchObject({ current: 1 });
  });

  it("changes nothing", async () => {
    const { host, entitlements } = await createApp();
    const version = (): unknown => host.prepare("pragma data_version").all();
    const before = version();
    await entitlements.doctor();
    expect(version()).toEqual(before);
  });

  it.each<[string, string, (string | undefined)?, string?]>([
    ["no index", `create table project (id integer primary key, ${org})`],
    [
      "an index that begins with another column",
      `create table project (a, ${org}); create index i on project (a, org_id)`,
    ],
    [
      "a partial index for something else",
      `create table project (a, ${org}); create index i on project (org_id) where a = 1`,
    ],
    [
      "an index of the same name on another table",
      `create table project (${org}); create table other (${org}); create index project_org_id_idx on other (org_id)`,
    ],
    ["a name with quotes", `create table "my ""project" (${org})`, undefined, 'my "project'],
  ])(
    "finds a count that reads the whole table, with the statement that mends it: %s",
    async (_what, schema, where, table) => {
      const [before, after] = await examine(schema, where, table);
      expect(before).toMatchObject([{ severity: "warning", message: expect.stringContaining("quota:project") }]);
      expect(before?.[0]?.fix).toMatch(/^create index /);
      expect(after).toEqual([]);
    },
  );

  it.each<[string, string, string?]>([
    ["an index", `create table project (${org}); create index i on project (org_id)`],
    ["an index of more columns", `create table project (a, ${org}); create index i on project (org_id, a)`],
    ["a primary key that begins with it", `create table project (a, ${org}, primary key (org_id, a)) without rowid`],
    ["a column that is the key", "create table project (org_id integer primary key)"],
    ["a unique column", `create table project (${org} unique)`],
    ["a view, which can have none", `create table t (${org}); create view project as select * from t`],
    [
      "a partial index with the same condition",
      `create table project (a, ${org}); create index i on project (org_id) where a is  null`,
      "(A is null)",
    ],
  ])("finds nothing to say about %s", async (_what, schema, where) => {
    expect(await examine(schema, where)).toEqual([[], []]);
  });

  it("finds what is stored for resource types that are not defined, with the statement that deletes it", async () => {
    const { host, adapter, entitlements } = await createApp();
    await entitlements.setLimit({ ...project, limit: 5 });
    await entitlements.consume({ orgId: "acme", resourceType: "quota:credit" });
    const fewer = createEntitlements({ adapter: adapter(), resources: { "feature:sso": resources["feature:sso"] } });
    const findings = await fewer.doctor();
    expect(findings).toMatchObject([
      { severity: "warning", message: expect.stringContaining("quota:credit") },
      { severity: "warning", message: expect.stringContaining("quota:project") },
    ]);
    for (const { fix } of findings) host.exec(fix ?? "");
    expect(await fewer.doctor()).toEqual([]);
  });
});
