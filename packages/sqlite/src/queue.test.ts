import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { countProjects, createApp, insertProject, project, step } from "./fixtures/scratch.ts";

describe("the line of one process", () => {
  // Fails without the queue: whoever tries at the right moment is served first.
  it("is served in the order of the calls", async () => {
    const { host, entitlements } = await createApp();
    const served: number[] = [];
    const calls = Array.from({ length: 200 }, (_, index) =>
      entitlements.enforce(project, async (tx) => {
        served.push(index);
        if (index % 20 === 0) await new Promise((resume) => setTimeout(resume, 2));
        insertProject(tx);
      }),
    );
    await Promise.all(calls);
    expect(served).toEqual(calls.map((_, index) => index));
    expect(countProjects(host)).toBe(200);
  });

  // Fails when the lane does not let the event loop turn between two transactions: it then stands still for the whole line.
  it("lets the event loop turn while it is served, however long it is", { retry: 2 }, async () => {
    const { entitlements } = await createApp();
    const calls = Array.from({ length: 500 }, (_, index) =>
      entitlements.enforce({ ...project, orgId: `org ${index}` }, (tx) => insertProject(tx)),
    );
    let last = performance.now();
    let stood = 0;
    const timer = setInterval(() => {
      stood = Math.max(stood, performance.now() - last);
      last = performance.now();
    }, 1);
    await Promise.all(calls);
    stood = Math.max(stood, performance.now() - last);
    clearInterval(timer);
    expect(stood).toBeLessThan(50);
  });

  it("goes on after a refusal, a throw and a failed commit in it", async () => {
    const { host, entitlements } = await createApp();
    await entitlements.setLimit({ ...project, limit: 2 });
    const insert = () => entitlements.enforce(project, (tx) => insertProject(tx));
    const outcomes = await Promise.allSettled([
      insert(),
      entitlements.enforce(project, () => Promise.reject(new Error("no"))),
      entitlements.enforce(project, (tx) => tx.exec("commit")),
      insert(),
      insert(),
      entitlements.setLimit({ ...project, limit: 3 }),
      insert(),
    ]);
    expect(outcomes.map(({ status }) => status === "fulfilled")).toEqual([true, false, false, true, false, true, true]);
    expect(countProjects(host)).toBe(3);
  });

  // Fails without the queue.
  it("is left by who gave up waiting, at once, and the others keep their places", async () => {
    const { host, entitlements } = await createApp();
    const leave = step();
    const holding = entitlements.enforce(project, () => leave.reached);
    const served: string[] = [];
    const call = (name: string, signal?: AbortSignal) =>
      entitlements.enforce({ ...project, signal }, () => {
        served.push(name);
      });
    const gone = new AbortController();
    const calls = [call("first"), call("gone", gone.signal), call("last")];
    const reason = new Error("the browser went away");
    gone.abort(reason);
    // The lock is still held: nothing but giving up can end this one.
    await expect(calls[1]).rejects.toBe(reason);
    leave.reach();
    await Promise.all([holding, calls[0], calls[2]]);
    expect(served).toEqual(["first", "last"]);
    expect(countProjects(host)).toBe(0);
  });

  // Fails without the queue.
  it("is left by who has waited for lockTimeoutMs, while who holds the lock goes on", async () => {
    const { host, entitlements } = await createApp({ lockTimeoutMs: 50 });
    const leave = step();
    const holding = entitlements.enforce(project, async (tx) => {
      await leave.reached;
      insertProject(tx);
    });
    const waiting = Array.from({ length: 3 }, () => entitlements.enforce(project, (tx) => insertProject(tx)));
    for (const one of waiting) {
      await expect(one).rejects.toMatchObject({
        code: "ENTITLEMENT_LOCK_TIMEOUT",
        phase: "wait",
        retryAfterSeconds: 1,
      });
    }
    leave.reach();
    await holding;
    expect(countProjects(host)).toBe(1);
  });

  // Fails with BEGIN instead of BEGIN IMMEDIATE: it then waits for nobody.
  it("is left by who has waited for another connection's lock for lockTimeoutMs", async () => {
    const { host, entitlements } = await createApp({ lockTimeoutMs: 50 });
    host.exec("begin immediate");
    await expect(entitlements.enforce(project, (tx) => insertProject(tx))).rejects.toMatchObject({ phase: "wait" });
    const signal = AbortSignal.timeout(20);
    const gone = await entitlements.consume({ ...project, signal }).catch((reason) => reason);
    expect(gone).toBe(signal.reason);
    host.exec("rollback");
    await entitlements.enforce(project, (tx) => insertProject(tx));
    expect(countProjects(host)).toBe(1);
  });

  it("refuses who had given up before calling, without a look at the file", async () => {
    const { host, entitlements } = await createApp();
    host.exec("begin exclusive");
    await expect(entitlements.enforce({ ...project, signal: AbortSignal.abort("gone") }, () => {})).rejects.toBe(
      "gone",
    );
    host.exec("rollback");
  });

  it("leaves no listener on the caller's signal, however a call ends", async () => {
    const { host, entitlements } = await createApp();
    await entitlements.setLimit({ ...project, limit: 1 });
    const { signal } = new AbortController();
    const calls = [
      entitlements.enforce({ ...project, signal }, (tx) => insertProject(tx)),
      entitlements.enforce({ ...project, signal }, (tx) => insertProject(tx)),
      entitlements.enforce({ orgId: "other", resourceType: "quota:project", signal }, () => Promise.reject("no")),
    ];
    await Promise.allSettled(calls);
    expect(getEventListeners(signal, "abort")).toEqual([]);
    expect(countProjects(host)).toBe(1);
  });
});
