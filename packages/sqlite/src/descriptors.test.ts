import { readdirSync, readlinkSync } from "node:fs";
import { counted, createEntitlements } from "@x/entitlements-core";
import { describe, expect, it } from "vitest";
import { countProjects, createScratch, insertProject } from "./fixtures/scratch.ts";

/** How many descriptors of this process are to files in the folder; only Linux tells. */
function descriptors(folder: string): number {
  return readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder);
    } catch {
      return false;
    }
  }).length;
}

describe.runIf(process.platform === "linux")("the descriptors of closed connections", () => {
  // Fails when collections are left to chance: several hundred are open then, and a process may have no more than 256.
  it("are let go of, however many functions throw and however many counts are asked for", async () => {
    const scratch = createScratch();
    const entitlements = createEntitlements({
      adapter: scratch.adapter(),
      resources: { "quota:project": counted({ label: "Projects", count: countProjects }) },
    });
    await entitlements.migrate();
    const project = { orgId: "acme", resourceType: "quota:project" } as const;
    const refused = new Error("no");
    let most = 0;
    for (let round = 0; round < 600; round++) {
      const thrown = entitlements.enforce(project, async (tx) => {
        insertProject(tx);
        throw refused;
      });
      expect(await thrown.catch((error: unknown) => error)).toBe(refused);
      await entitlements.check(project);
      most = Math.max(most, descriptors(scratch.folder));
    }
    expect(most).toBeLessThan(100);
    expect(countProjects(scratch.host)).toBe(0);
  });
});
