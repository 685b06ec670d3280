import { describe, expect, it } from "vitest";
import { type Connection, countProjects, createApp, insertProject, project, step } from "./fixtures/scratch.ts";

describe("a function that never comes back", () => {
  it("is cut off after transactionTimeoutMs, and the others go on", async () => {
    const { host, entitlements } = await createApp({ transactionTimeoutMs: 50 });
    const lost = entitlements.enforce(project, (tx) => {
      insertProject(tx);
      return new Promise<never>(() => {});
    });
    const others = Array.from({ length: 10 }, () => entitlements.enforce(project, (tx) => insertProject(tx)));
    await expect(lost).rejects.toMatchObject({ code: "ENTITLEMENT_LOCK_TIMEOUT", phase: "hold" });
    await Promise.all(others);
    expect(countProjects(host)).toBe(10);
  });

  // Fails when the connection is used again after the roll-back, and when it is only closed: statements outlive that.
  it("can write nothing afterwards, neither with its old `tx` nor with a statement that it prepared before", async () => {
    const { host, entitlements } = await createApp({ transactionTimeoutMs: 50 });
    const attempts = step();
    const failures: unknown[] = [];
    const tried: (() => unknown)[] = [];
    const lost = entitlements.enforce(project, async (tx) => {
      const insert = tx.prepare("insert into project (org_id) values ('acme')");
      const many = tx.prepare("select 1 from project, project").iterate();
      insert.run();
      tried.push(
        () => insert.run(),
        () => insert.all(),
        () => insertProject(tx),
        () => tx.exec("begin immediate; insert into project (org_id) values ('acme'); commit"),
        () => tx.exec("pragma query_only = 0"),
        () => insert.run(),
      );
      await attempts.reached;
      return many;
    });
    await expect(lost).rejects.toMatchObject({ phase: "hold" });
    const attempt = () => {
      for (const one of tried) {
        try {
          one();
          failures.push("nothing was thrown");
        } catch (error) {
          failures.push(error instanceof Error);
        }
      }
    };
    // Both while nobody and while somebody else has the lock.
    attempt();
    await entitlements.enforce(project, async (tx) => {
      attempt();
      insertProject(tx);
      attempts.reach();
      await new Promise((resume) => setTimeout(resume, 10));
      attempt();
    });
    expect(failures).toEqual(Array(3 * tried.length).fill(true));
    expect(countProjects(host)).toBe(1);
  });

  // libsql aborts the whole process where a closed connection is asked this: fails, and everything with it, where it is closed.
  it("may ask whether it is in a transaction, as clean-up code does: it is told that it is not", async () => {
    const { host, entitlements } = await createApp({ transactionTimeoutMs: 50 });
    const asked = step();
    const answers: unknown[] = [];
    const lost = entitlements.enforce(project, async (tx) => {
      insertProject(tx);
      await asked.reached;
      answers.push(tx.inTransaction);
      try {
        insertProject(tx);
      } catch (error) {
        answers.push(String(error));
      }
    });
    await expect(lost).rejects.toMatchObject({ phase: "hold" });
    asked.reach();
    await new Promise((resume) => setTimeout(resume, 5));
    expect(answers).toEqual([
      false,
      expect.stringMatching(/has been taken away.*timed out, was aborted or has failed/),
    ]);
    expect(countProjects(host)).toBe(0);
  });

  it("cannot enforce with its old `tx` either: it is told that no transaction is open", async () => {
    const { host, entitlements } = await createApp({ transactionTimeoutMs: 50 });
    const late: Promise<unknown>[] = [];
    const proceed = step();
    const lost = entitlements.enforce(project, (tx) => {
      late.push(proceed.reached.then(() => entitlements.enforce({ ...project, tx }, () => insertProject(tx))));
      late.push(proceed.reached.then(() => entitlements.check({ ...project, tx })));
      return new Promise<never>(() => {});
    });
    await expect(lost).rejects.toMatchObject({ phase: "hold" });
    proceed.reach();
    for (const one of late) await expect(one).rejects.toMatchObject({ code: "ENTITLEMENT_CONFIGURATION" });
    expect(countProjects(host)).toBe(0);
  });
});

describe("an aborted call", () => {
  // Fails when the connection is used again after the roll-back.
  it("is undone while its function runs, and rejects with the signal's reason", async () => {
    const { host, entitlements } = await createApp();
    const controller = new AbortController();
    const entered = step();
    const seen: Connection[] = [];
    const aborted = entitlements.enforce({ ...project, signal: controller.signal }, async (tx) => {
      insertProject(tx);
      seen.push(tx);
      entered.reach();
      await new Promise<never>(() => {});
    });
    await entered.reached;
    controller.abort("changed my mind");
    expect(await aborted.catch((reason) => reason)).toBe("changed my mind");
    expect(countProjects(host)).toBe(0);
    // Its connection is nobody's any more.
    const next = await entitlements.enforce(project, (tx) => tx);
    expect(seen).not.toContain(next);
  });

  // Fails when the connection is not barred from writing before it is rolled back.
  it("is either whole or not there, at whatever moment the abort comes", async () => {
    const { host, entitlements } = await createApp();
    let granted = 0;
    let gone = 0;
    // From an abort at once to one that comes too late, a step later each time.
    for (let wait = 0; granted < 10; wait++) {
      const controller = new AbortController();
      const call = entitlements.enforce({ ...project, signal: controller.signal }, async (tx) => {
        insertProject(tx);
        await Promise.resolve();
      });
      abortAfter(wait, controller);
      const outcome = await call.then(
        () => "granted",
        (reason) => reason,
      );
      if (outcome === "granted") granted++;
      else gone++;
      expect(["granted", "gone"]).toContain(outcome);
      expect(countProjects(host)).toBe(granted);
    }
    expect(gone).toBeGreaterThan(10);
  });
});

function abortAfter(steps: number, controller: AbortController): void {
  const next = (): void => abortAfter(steps - 1, controller);
  if (steps === 0) controller.abort("gone");
  // Now and then the event loop turns, else an abort would always come before what waits for that.
  else if (steps % 20 === 0) setImmediate(next);
  else queueMicrotask(next);
}
