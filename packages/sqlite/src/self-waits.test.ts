import { createEntitlements } from "@x/entitlements-core";
import { describe, expect, it } from "vitest";
import { countProjects, createApp, insertProject, project, resources } from "./fixtures/scratch.ts";

// Without the detection each of these ends by its time-out only, after five seconds.
const QUICK = { timeout: 3_000 };

describe("a call that would wait for the very function that makes it is refused at once", QUICK, () => {
  const itself = /so it would wait for itself/;

  it("through another adapter on the same file", async () => {
    const { host, adapter, entitlements } = await createApp();
    const other = createEntitlements({ adapter: adapter(), resources });
    await entitlements.enforce(project, async (tx) => {
      await expect(other.enforce(project, () => {})).rejects.toThrow(itself);
      await expect(other.setLimit({ ...project, limit: 1 })).rejects.toThrow(itself);
      await expect(other.migrate()).rejects.toThrow(itself);
      // Reading waits for nobody.
      expect(await other.check(project)).toMatchObject({ current: 0 });
      insertProject(tx);
    });
    await other.enforce(project, (tx) => insertProject(tx));
    expect(countProjects(host)).toBe(2);
  });

  it("through another adapter, inside a transaction of the caller's that holds the lock", async () => {
    const { host, adapter, entitlements } = await createApp();
    const other = createEntitlements({ adapter: adapter(), resources });
    host.exec("begin immediate");
    await entitlements.enforce({ ...project, tx: host }, async () => {
      await expect(other.consume(project)).rejects.toThrow(itself);
    });
    host.exec("commit");
    await other.consume(project);
  });

  it("with another connection as `tx`", async () => {
    const { host, entitlements } = await createApp();
    await entitlements.enforce(project, async () => {
      host.exec("begin");
      await expect(entitlements.enforce({ ...project, tx: host }, () => {})).rejects.toThrow(itself);
      host.exec("rollback");
    });
  });

  it("by closing the adapter", async () => {
    const { adapter } = await createApp();
    const sqlite = adapter();
    const entitlements = createEntitlements({ adapter: sqlite, resources });
    await entitlements.enforce(project, async () => {
      await expect(sqlite.close()).rejects.toThrow(/close\(\) was called inside a function/);
    });
    await sqlite.close();
  });

  it("but not where the function is over: what it left running may", async () => {
    const { adapter, entitlements } = await createApp();
    const other = createEntitlements({ adapter: adapter(), resources });
    let later: Promise<unknown> = Promise.resolve();
    await entitlements.enforce(project, () => {
      later = new Promise((resume) => setTimeout(resume, 20)).then(() => other.consume(project));
    });
    await later;
  });

  it("but not on another file", async () => {
    const { entitlements } = await createApp();
    const elsewhere = await createApp();
    await entitlements.enforce(project, () => elsewhere.entitlements.enforce(project, (tx) => insertProject(tx)));
    expect(countProjects(elsewhere.host)).toBe(1);
  });
});
