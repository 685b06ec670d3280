import { describe, expect, it } from "vitest";
import { countProjects, createApp, insertProject, numberOf, project } from "./fixtures/scratch.ts";

describe("an organisation's id", () => {
  it.each([
    "O'Brien & Söhne",
    "'; drop table org_entitlement; --",
    '"quoted"',
    "org_entitlement",
    ":orgId",
    "%",
    "_",
    "*",
    "組織🏢",
    "e\u0301",
    "\u00e9",
    " acme",
    "acme ",
    "ACME",
    "0",
    "1e3",
    "null",
    "\n\t",
    "x".repeat(255),
    "🏢".repeat(127),
  ])("is stored and found exactly: %j", async (orgId) => {
    const { host, entitlements } = await createApp();
    for (const other of ["acme", "x", "e", "1000"])
      await entitlements.setLimit({ ...project, orgId: other, limit: 99 });
    insertProject(host, "acme");
    await entitlements.setLimit({ ...project, orgId, limit: 1 });
    await entitlements.enforce({ ...project, orgId }, (tx) => insertProject(tx, orgId));
    const refused = entitlements.enforce({ ...project, orgId }, (tx) => insertProject(tx, orgId));
    await expect(refused).rejects.toMatchObject({ orgId, current: 1, limit: 1 });
    expect(host.prepare("select max_value from org_entitlement where org_id = ?").all(orgId)).toEqual([
      { max_value: 1 },
    ]);
    expect(countProjects(host, orgId)).toBe(1);
    await entitlements.forget({ orgId });
    expect(numberOf(host, "select count(*) from org_entitlement where org_id = ?", orgId)).toBe(0);
    expect(numberOf(host, "select count(*) from org_entitlement")).toBe(4);
  });
});
