import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { untilAborted } from "./abort.ts";
import { ConfigurationError, counter, createEntitlements, LockTimeoutError, memoryAdapter } from "./index.ts";

const resources = { "quota:project": counter({ label: "Projects" }) };
let adapter = memoryAdapter();
let entitlements = createEntitlements({ adapter, resources });
const project = { orgId: "acme", resourceType: "quota:project" } as const;
const pause = (ms: number) => new Promise((resume) => setTimeout(resume, ms));
const never = () => new Promise<never>(() => {});
const used = async () => (await entitlements.usage({ orgId: "acme" }))[0]?.current;

const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);

beforeEach(() => {
  adapter = memoryAdapter();
  entitlements = createEntitlements({ adapter, resources });
  unhandled.length = 0;
  process.on("unhandledRejection", note);
});

afterEach(async () => {
  await pause(5);
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});

describe("a signal", () => {
  test.each([
    ["an error", new Error("gone")],
    ["a text", "gone"],
    ["null", null],
  ])("aborted before the call rejects with its reason, %s, and runs nothing", async (_what, reason) => {
    let ran = 0;
    const signal = AbortSignal.abort(reason);
    await expect(entitlements.enforce({ ...project, signal }, () => ran++)).rejects.toBe(reason);
    await expect(entitlements.consume({ ...project, signal })).rejects.toBe(reason);
    await adapter.transaction(async (tx) => {
      await expect(entitlements.enforce({ ...project, signal, tx }, () => ran++)).rejects.toBe(reason);
      await entitlements.consume({ ...project, tx });
    });
    expect([ran, await used()]).toEqual([0, 1]);
  });

  test("aborted without a reason rejects with the usual AbortError", async () => {
    await expect(entitlements.consume({ ...project, signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: "AbortError",
    });
  });

  test("aborted in the line leaves it: the function never runs and the others are served", async () => {
    const controller = new AbortController();
    const order: string[] = [];
    const first = entitlements.enforce(project, () => pause(20));
    const second = entitlements.enforce({ ...project, signal: controller.signal }, () => order.push("second"));
    const third = entitlements.enforce(project, () => order.push("third"));
    controller.abort("changed my mind");
    await expect(second).rejects.toBe("changed my mind");
    await Promise.all([first, third]);
    expect([order, await used()]).toEqual([["third"], 2]);
  });

  test("aborted while the function runs undoes it, cuts off its transaction and lets the next one in", async () => {
    const controller = new AbortController();
    let late: unknown;
    const call = entitlements.enforce({ ...project, signal: controller.signal }, async (tx) => {
      tx.set("project", "p1", {});
      controller.abort("stop");
      await pause(10);
      try {
        tx.set("project", "p2", {});
      } catch (error) {
        late = error;
      }
    });
    await expect(call).rejects.toBe("stop");
    await entitlements.consume(project);
    await pause(20);
    expect(late).toBeInstanceOf(ConfigurationError);
    expect([await used(), adapter.rows("project").size]).toEqual([1, 0]);
  });

  test("leaves a function in the caller's transaction to finish", async () => {
    const controller = new AbortController();
    await adapter.transaction(async (tx) => {
      const call = entitlements.enforce({ ...project, tx, signal: controller.signal }, async () => {
        controller.abort("stop");
        await pause(5);
        return "finished";
      });
      expect(await call).toBe("finished");
    });
    expect(await used()).toBe(1);
  });

  test("that lives long gathers no listeners: granted, denied, thrown or aborted", async () => {
    const { signal } = new AbortController();
    await entitlements.setLimit({ ...project, limit: 5 });
    for (let i = 0; i < 20; i++) await entitlements.consume({ ...project, signal }).catch(() => {});
    await Promise.allSettled(
      Array.from({ length: 9 }, () =>
        entitlements.enforce({ ...project, signal }, () => Promise.reject(new Error("host"))),
      ),
    );
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});

describe("the deadline", () => {
  test("ends the wait for the lock with a LockTimeoutError, and the function never runs", async () => {
    const hasty = createEntitlements({ adapter, resources, lockTimeoutMs: 20 });
    let ran = 0;
    const holder = entitlements.enforce(project, () => pause(60));
    const error = await hasty.enforce(project, () => ran++).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LockTimeoutError);
    expect(error).toMatchObject({
      code: "ENTITLEMENT_LOCK_TIMEOUT",
      status: 503,
      phase: "wait",
      retryAfterSeconds: 1,
      message:
        'Could not lock the entitlements of organisation "acme" within 20 ms: other writers hold them. Nothing was written; try again. Raise lockTimeoutMs if your writes are slow; inside a transaction of your own pass it as `tx`.',
    });
    await holder;
    expect([ran, await used()]).toEqual([0, 1]);
  });

  test("does not cut off a function that holds the lock already", async () => {
    const hasty = createEntitlements({ adapter, resources, lockTimeoutMs: 10 });
    expect(await hasty.enforce(project, () => pause(40).then(() => "made"))).toBe("made");
  });

  test("of the transaction undoes a function that never settles, and frees the lock", async () => {
    const strict = createEntitlements({ adapter, resources, transactionTimeoutMs: 20 });
    const error = await strict.enforce(project, never).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "ENTITLEMENT_LOCK_TIMEOUT",
      phase: "hold",
      message:
        'A function of yours (enforce, when or count) for organisation "acme" kept its transaction open longer than 20 ms and was rolled back. Keep slow calls (mail, HTTP) out of it, use its `tx` and no other connection of the pool, or raise transactionTimeoutMs.',
    });
    await strict.consume(project);
    expect(await used()).toBe(1);
  });

  test("of the transaction also ends a count function that never settles", async () => {
    const strict = createEntitlements({
      adapter,
      transactionTimeoutMs: 20,
      resources: ({ counted }) => ({ "quota:report": counted({ label: "Reports", count: never }) }),
    });
    await expect(strict.consume({ orgId: "acme", resourceType: "quota:report" })).rejects.toMatchObject({
      phase: "hold",
    });
    await expect(strict.usage({ orgId: "acme" })).rejects.toMatchObject({ code: "ENTITLEMENT_LOCK_TIMEOUT" });
  });

  test("that has passed makes nothing of a function that rejects later: no unhandled rejection", async () => {
    const strict = createEntitlements({ adapter, resources, transactionTimeoutMs: 10 });
    await expect(
      strict.enforce(project, () => pause(20).then(() => Promise.reject(new Error("late")))),
    ).rejects.toMatchObject({ phase: "hold" });
    await pause(30);
  });

  test("of an outer call cuts off the inner one's transaction for good", async () => {
    const strict = createEntitlements({ adapter, resources, transactionTimeoutMs: 20 });
    let late: unknown;
    const outer = strict.enforce(project, async (tx) => {
      await strict.enforce({ ...project, tx }, () => pause(40)).catch(() => {});
      try {
        tx.set("project", "late", {});
      } catch (error) {
        late = error;
      }
    });
    await expect(outer).rejects.toMatchObject({ phase: "hold" });
    await pause(40);
    expect(late).toBeInstanceOf(ConfigurationError);
  });
});

test("untilAborted settles like the work, and lets go of the signal", async () => {
  const { signal } = new AbortController();
  expect(await untilAborted(Promise.resolve(1), signal)).toBe(1);
  await expect(untilAborted(Promise.reject("no"), signal)).rejects.toBe("no");
  await expect(untilAborted(never(), AbortSignal.abort("stop"))).rejects.toBe("stop");
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});
