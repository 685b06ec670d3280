import { counted, createEntitlements } from "@x/entitlements-core";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import { type Connection, countProjects, createScratch, insertProject, project, step } from "./fixtures/scratch.ts";

async function counting(count: (tx: Connection, orgId: string) => number | Promise<number>) {
  const scratch = createScratch();
  const opened: Connection[] = [];
  const open = (): Connection => {
    const connection = new Database(scratch.file);
    opened.push(connection);
    return connection;
  };
  const entitlements = createEntitlements({
    adapter: scratch.adapter({}, open),
    resources: { "quota:project": counted({ label: "Projects", count }) },
    lockTimeoutMs: 200,
  });
  await entitlements.migrate();
  return { ...scratch, entitlements, opened };
}

describe("a read that runs a `count` function", () => {
  // Fails when such reads stand in one line: the slow one then times the others out.
  it("does not keep another organisation's from being answered", async () => {
    const leave = step();
    const { entitlements } = await counting(async (tx, orgId) => {
      if (orgId === "slow") await leave.reached;
      return countProjects(tx, orgId);
    });
    const slow = entitlements.check({ ...project, orgId: "slow" });
    for (let asked = 0; asked < 10; asked++) expect(await entitlements.check(project)).toMatchObject({ current: 0 });
    leave.reach();
    await slow;
  });

  it("waits in line where too many are under way, and says that reads are in its way", async () => {
    const leave = step();
    const { entitlements, opened } = await counting(async () => {
      await leave.reached;
      return 0;
    });
    const before = opened.length;
    const slow = Array.from({ length: 4 }, () => entitlements.check(project));
    await expect(entitlements.check(project)).rejects.toMatchObject({
      code: "ENTITLEMENT_LOCK_TIMEOUT",
      phase: "wait",
      message: expect.stringMatching(/Could not read.*`count` functions/),
    });
    expect(opened.length - before).toBe(4);
    leave.reach();
    await Promise.all(slow);
    // They are used again.
    await Promise.all(Array.from({ length: 4 }, () => entitlements.check(project)));
    expect(opened.length - before).toBe(4);
  });

  // Fails when the connections of readers may write: a check would then change something.
  it("cannot write: its connection only reads", async () => {
    const { host, entitlements } = await counting((tx, orgId) => {
      insertProject(tx, orgId);
      return 0;
    });
    await expect(entitlements.check(project)).rejects.toThrow(/readonly/);
    await expect(entitlements.usage({ orgId: "acme" })).rejects.toThrow(/readonly/);
    expect(countProjects(host)).toBe(0);
  });
});
