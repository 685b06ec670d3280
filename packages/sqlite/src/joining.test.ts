import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { countProjects, createApp, insertProject, numberOf, project } from "./fixtures/scratch.ts";

const configuration = { code: "ENTITLEMENT_CONFIGURATION" };

describe("the caller's own transaction", () => {
  it("begun with BEGIN IMMEDIATE takes the claim and the write with it, or undoes them", async () => {
    const { host, open, entitlements } = await createApp();
    for (const ending of ["commit", "rollback"]) {
      host.exec("begin immediate");
      insertProject(host);
      await entitlements.enforce({ ...project, tx: host }, async (tx) => {
        expect(tx).toBe(host);
        await Promise.resolve();
        insertProject(tx);
      });
      await entitlements.consume({ orgId: "acme", resourceType: "quota:credit", amount: 5, tx: host });
      expect(await entitlements.check({ ...project, tx: host })).toMatchObject({
        current: ending === "commit" ? 2 : 4,
      });
      expect(host.inTransaction).toBe(true);
      host.exec(ending);
    }
    expect(countProjects(open())).toBe(2);
    expect(await entitlements.usage({ orgId: "acme" })).toMatchObject([{ current: 2 }, { current: 5 }, {}]);
  });

  it("stays usable after a refusal, and keeps what was written before", async () => {
    const { host, entitlements } = await createApp();
    await entitlements.setLimit({ ...project, limit: 1 });
    host.exec("begin immediate");
    insertProject(host);
    const refused = entitlements.enforce({ ...project, tx: host }, (tx) => insertProject(tx));
    await expect(refused).rejects.toMatchObject({ code: "ENTITLEMENT_LIMIT_REACHED", current: 1, limit: 1 });
    insertProject(host, "other");
    host.exec("commit");
    expect([countProjects(host), countProjects(host, "other")]).toEqual([1, 1]);
  });

  it("stays usable after a throw, which undoes what the function wrote and nothing else", async () => {
    const { host, entitlements } = await createApp();
    host.exec("begin immediate; savepoint mine");
    insertProject(host);
    const reason = new Error("no");
    const failed = entitlements.enforce({ ...project, tx: host }, (tx) => {
      insertProject(tx);
      throw reason;
    });
    expect(await failed.catch((error) => error)).toBe(reason);
    host.exec("release mine; commit");
    expect(countProjects(host)).toBe(1);
  });

  // Fails when the savepoint's write is taken out, when something is read before it, and when the driver is left to wait.
  it("begun deferred takes the lock when it enforces, and waits for it without standing still", async () => {
    const { host, open, entitlements } = await createApp({ lockTimeoutMs: 2_000 });
    await entitlements.setLimit({ ...project, limit: 1 });
    const other = open();
    other.exec("begin immediate");
    insertProject(other);
    host.exec("pragma busy_timeout = 1500; begin");
    const waiting = entitlements.enforce({ ...project, tx: host }, (tx) => insertProject(tx));
    let turns = 0;
    const timer = setInterval(() => turns++, 5);
    await new Promise((resume) => setTimeout(resume, 100));
    clearInterval(timer);
    other.exec("commit");
    // It had read nothing yet, so it sees what was committed while it waited.
    await expect(waiting).rejects.toMatchObject({ code: "ENTITLEMENT_LIMIT_REACHED", current: 1 });
    expect(turns).toBeGreaterThan(5);
    expect(numberOf(host, "pragma busy_timeout")).toBe(1_500);
    host.exec("commit");
  });

  // Fails when the savepoint's write is taken out, and when it is kept prepared: it then holds on to the old view.
  it("begun deferred that does not get the lock in time stays usable, with its settings as before", async () => {
    const { host, open, entitlements } = await createApp({ lockTimeoutMs: 50 });
    const other = open();
    other.exec("begin immediate");
    host.exec("pragma busy_timeout = 700; begin");
    expect(countProjects(host)).toBe(0);
    const late = entitlements.enforce({ ...project, tx: host }, (tx) => insertProject(tx));
    await expect(late).rejects.toMatchObject({ code: "ENTITLEMENT_LOCK_TIMEOUT", phase: "wait" });
    expect([host.inTransaction, numberOf(host, "pragma busy_timeout"), countProjects(host)]).toEqual([true, 700, 0]);
    other.exec("commit");
    await entitlements.enforce({ ...project, tx: host }, (tx) => insertProject(tx));
    host.exec("commit");
    expect(countProjects(host)).toBe(1);
  });

  // Fails likewise.
  it("begun deferred whose view is outdated is a conflict: rolled back and begun IMMEDIATE it passes", async () => {
    const { host, open, entitlements } = await createApp();
    const other = open();
    host.exec("begin");
    expect(countProjects(host)).toBe(0);
    insertProject(other);
    let ran = false;
    const conflict = entitlements.enforce({ ...project, tx: host }, () => {
      ran = true;
    });
    await expect(conflict).rejects.toMatchObject({ code: "ENTITLEMENT_TRANSACTION_CONFLICT", status: 503 });
    await expect(conflict).rejects.toThrow(/BEGIN IMMEDIATE/);
    expect(ran).toBe(false);
    host.exec("rollback; begin immediate");
    await entitlements.enforce({ ...project, tx: host }, (tx) => insertProject(tx));
    host.exec("commit");
    expect(countProjects(host)).toBe(2);
  });
});

describe("a caller that closes its connection in the middle of its transaction", () => {
  // Fails when statements are kept prepared on a caller's connection: libsql holds the lock for as long as they live.
  it("lets go of the lock as soon as what it leaves behind is collected", async () => {
    const { open, entitlements, host } = await createApp({ lockTimeoutMs: 2_000 });
    const caller = open();
    caller.exec("begin immediate");
    await entitlements.enforce({ ...project, tx: caller }, async (tx) => insertProject(tx));
    caller.close();
    setFlagsFromString("--expose-gc");
    const collect: () => void = runInNewContext("gc");
    const collecting = setInterval(collect, 20);
    await entitlements.enforce(project, (tx) => insertProject(tx));
    clearInterval(collecting);
    expect(countProjects(host)).toBe(1);
    expect(caller.open).toBe(false);
  });
});

describe("a function that ends the caller's transaction", () => {
  it.each(["commit", "rollback"])("is told so: %s", async (statement) => {
    const { host, entitlements } = await createApp();
    host.exec("begin immediate");
    const failed = entitlements.enforce({ ...project, tx: host }, (tx) => tx.exec(statement));
    await expect(failed).rejects.toMatchObject(configuration);
    expect(host.inTransaction).toBe(false);
  });

  it("is told so where it has begun another one, which the caller must roll back", async () => {
    const { host, entitlements } = await createApp();
    host.exec("begin immediate");
    const failed = entitlements.enforce({ ...project, tx: host }, (tx) => tx.exec("rollback; begin"));
    await expect(failed).rejects.toMatchObject(configuration);
    await expect(failed).rejects.toThrow(/roll it back/);
    host.exec("rollback");
  });
});
