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
