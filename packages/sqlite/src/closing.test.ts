import { createEntitlements } from "@x/entitlements-core";
import { describe, expect, it } from "vitest";
import { countProjects, createScratch, insertProject, project, resources } from "./fixtures/scratch.ts";

describe("a closed adapter", () => {
  it("refuses every call, and closing it again does nothing", async () => {
    const { adapter } = createScratch();
    const sqlite = adapter();
    const entitlements = createEntitlements({ adapter: sqlite, resources });
    await entitlements.migrate();
    await Promise.all([sqlite.close(), sqlite.close()]);
    await sqlite.close();
    for (const call of [
      entitlements.enforce(project, (tx) => insertProject(tx)),
      entitlements.usage({ orgId: "acme" }),
      entitlements.overLimit(),
      entitlements.migrate(),
      entitlements.doctor(),
    ]) {
      await expect(call).rejects.toMatchObject({ code: "ENTITLEMENT_CONFIGURATION" });
      await expect(call).rejects.toThrow(/has been closed/);
    }
  });

  it("may be closed before it was used", async () => {
    const sqlite = createScratch().adapter();
    await sqlite.close();
    await expect(sqlite.migrate()).rejects.toThrow(/has been closed/);
  });

  it("has let those in line finish first, and refuses those who came later", async () => {
    const { host, adapter } = createScratch();
    const sqlite = adapter();
    const entitlements = createEntitlements({ adapter: sqlite, resources });
    await entitlements.migrate();
    const before = Array.from({ length: 5 }, () => entitlements.enforce(project, async (tx) => insertProject(tx)));
    const closing = sqlite.close();
    const after = entitlements.enforce(project, (tx) => insertProject(tx));
    await expect(after).rejects.toThrow(/has been closed/);
    await Promise.all([...before, closing]);
    expect(countProjects(host)).toBe(5);
  });
});
