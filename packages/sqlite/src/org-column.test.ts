import { createEntitlements, rows } from "@x/entitlements-core";
import { describe, expect, it } from "vitest";
import { createScratch } from "./fixtures/scratch.ts";

function counting(schema: string) {
  const scratch = createScratch(schema);
  const entitlements = createEntitlements({
    adapter: scratch.adapter(),
    resources: { "quota:project": rows({ label: "Projects", table: "project", orgColumn: "org_id" }) },
  });
  return { ...scratch, entitlements };
}

// Fails open without the check: such rows are counted for nobody.
describe("ids of organisations that no text equals are found before they count for nobody", () => {
  it.each([
    ["blobs", "create table project (org_id blob); insert into project values (x'0102'), (x'0103')"],
    ["a blob among texts", "create table project (org_id text); insert into project values ('acme'), (x'0102')"],
    ["numbers in a column without a type", "create table project (org_id); insert into project values (7)"],
    [
      "a blob beside a text that reads the same",
      "create table project (org_id text); insert into project values ('a'), (x'61')",
    ],
    ["blobs in a strict table", "create table project (org_id blob) strict; insert into project values (x'61')"],
  ])("%s", async (_what, schema) => {
    const { entitlements } = counting(schema);
    for (const call of [
      () => entitlements.migrate(),
      () => entitlements.enforce({ orgId: "7", resourceType: "quota:project" }, () => expect.fail("must not run")),
      () => entitlements.usage({ orgId: "7" }),
    ]) {
      const failed = call();
      await expect(failed).rejects.toMatchObject({ code: "ENTITLEMENT_CONFIGURATION" });
      await expect(failed).rejects.toThrow(/quota:project.*"org_id".*Keep the ids as text/);
    }
    expect(await entitlements.doctor()).toMatchObject(
      [{ severity: "error", message: /Keep the ids as text/ }].map(({ severity, message }) => ({
        severity,
        message: expect.stringMatching(message),
      })),
    );
  });

  // Fails open where an empty table is taken for a proof: a new application's is.
  it("also where the table was empty at first", async () => {
    const { host, entitlements } = counting("create table project (org_id blob)");
    await entitlements.migrate();
    const project = { orgId: "a", resourceType: "quota:project" } as const;
    await entitlements.setLimit({ ...project, limit: 2 });
    await entitlements.enforce(project, (tx) => tx.exec("insert into project values (x'61')"));
    await expect(entitlements.enforce(project, () => expect.fail("must not run"))).rejects.toThrow(
      /Keep the ids as text/,
    );
    host.exec("delete from project; insert into project values ('a')");
    expect(await entitlements.check(project)).toMatchObject({ current: 1 });
    host.exec("insert into project values ('a'), ('a')");
    await expect(entitlements.consume(project)).rejects.toMatchObject({ code: "ENTITLEMENT_LIMIT_REACHED" });
  });

  // Fails open without the check: organisation "07" would have no limit, and its rows are those of 7.
  it("and so are other ways to write a number, where the ids are numbers", async () => {
    const { entitlements } = counting("create table project (org_id integer); insert into project values (7)");
    await entitlements.migrate();
    await entitlements.setLimit({ orgId: "7", resourceType: "quota:project", limit: 1 });
    for (const orgId of ["07", "7.0", " 7", "7e0", "+7", "seven"]) {
      const refused = entitlements.enforce({ orgId, resourceType: "quota:project" }, () => expect.fail("must not run"));
      await expect(refused).rejects.toMatchObject({ code: "ENTITLEMENT_INVALID_REQUEST", field: "orgId" });
      await expect(entitlements.usage({ orgId })).rejects.toThrow(/such as "42"/);
    }
    for (const orgId of ["7", "0", "-1"]) await entitlements.check({ orgId, resourceType: "quota:project" });
  });

  it.each([
    ["an integer column, which SQLite compares as numbers", "integer", "7"],
    ["a text column", "text", "7"],
    ["a column without a type that holds texts", "", "'7'"],
  ])("but %s is fine", async (_what, type, value) => {
    const { entitlements } = counting(
      `create table project (org_id ${type}); insert into project values (${value}), (null)`,
    );
    await entitlements.migrate();
    expect(await entitlements.check({ orgId: "7", resourceType: "quota:project" })).toMatchObject({ current: 1 });
  });
});

describe("a column that goes away later", () => {
  // SQLite builds that take an unknown quoted name for a text would count 0 here, were it not named with its table.
  it("is an error, not a count of 0", async () => {
    const { host, entitlements } = counting("create table project (org_id text); insert into project values ('acme')");
    await entitlements.migrate();
    const project = { orgId: "acme", resourceType: "quota:project" } as const;
    expect(await entitlements.check(project)).toMatchObject({ current: 1 });
    host.exec("alter table project rename column org_id to organisation_id");
    await expect(entitlements.check(project)).rejects.toMatchObject({ code: "ENTITLEMENT_CONFIGURATION" });
    await expect(entitlements.enforce(project, () => expect.fail("must not run"))).rejects.toThrow(/org_id/);
  });
});
