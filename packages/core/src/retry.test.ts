import { AsyncResource } from "node:async_hooks";
import { describe, expect, test } from "vitest";
import {
  type Adapter,
  counter,
  createEntitlements,
  type EntitlementsEvent,
  type MemoryKind,
  type MemoryTransaction,
  memoryAdapter,
  type Settings,
  TransactionConflictError,
} from "./index.ts";

const project = { orgId: "acme", resourceType: "quota:project" } as const;

/** Runs what is no part of the function that starts it. */
const outside = AsyncResource.bind(<T>(work: () => T): T => work());

/** A storage in memory whose first commits fail as databases do that could not serialise them: everything undone. */
function conflicting(times: number, settings: Settings = {}) {
  const memory = memoryAdapter();
  let left = times;
  const adapter: Adapter<MemoryTransaction, MemoryKind> = {
    ...memory,
    locked: (scope, work) =>
      memory.locked(scope, async (locked) => {
        const result = await work(locked);
        if (left-- > 0) throw new TransactionConflictError("could not serialise");
        return result;
      }),
  };
  const events: EntitlementsEvent[] = [];
  const entitlements = createEntitlements({
    adapter,
    resources: { "quota:project": counter({ label: "Projects" }) },
    onEvent: (event) => events.push(event),
    ...settings,
  });
  return { memory, entitlements, events };
}

describe("a transaction that could not be serialised", () => {
  test("is run again, the function is told which attempt it is, and only the last one counts", async () => {
    const { memory, entitlements, events } = conflicting(3);
    const attempts: number[] = [];
    const result = await entitlements.enforce(project, (tx, { attempt, claims }) => {
      attempts.push(attempt);
      tx.set("project", `p${attempt}`, {});
      expect(claims).toMatchObject([{ current: 0 }]);
      return "made";
    });
    expect([result, attempts]).toEqual(["made", [1, 2, 3, 4]]);
    expect([...memory.rows("project").keys()]).toEqual(["p4"]);
    expect(await entitlements.usage({ orgId: "acme" })).toMatchObject([{ current: 1 }]);
    expect(events).toMatchObject([{ type: "enforce.granted", attempt: 4 }]);
  });

  test("asks `when` again each time", async () => {
    const { entitlements } = conflicting(2);
    let asked = 0;
    await entitlements.enforce({ ...project, when: () => ++asked > 2 }, () => {});
    expect(asked).toBe(3);
    expect(await entitlements.usage({ orgId: "acme" })).toMatchObject([{ current: 1 }]);
  });

  test("is run again for limits too, and told of once", async () => {
    const { entitlements, events } = conflicting(2);
    await entitlements.setLimit({ ...project, limit: 3 });
    expect(await entitlements.resolveEntitlement(project)).toEqual({ limit: 3, source: "override" });
    expect(events).toEqual([expect.objectContaining({ type: "limit.changed", before: null, after: { limit: 3 } })]);
  });

  test("ends after ten attempts with the conflict, and nothing was written", async () => {
    const { entitlements, events } = conflicting(Number.POSITIVE_INFINITY);
    let ran = 0;
    const error = await entitlements.enforce(project, () => ran++).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TransactionConflictError);
    expect(error).toMatchObject({ code: "ENTITLEMENT_TRANSACTION_CONFLICT", status: 503, retryAfterSeconds: 1 });
    expect(ran).toBe(10);
    expect(await entitlements.usage({ orgId: "acme" })).toMatchObject([{ current: 0 }]);
    expect(events).toEqual([]);
  });

  test("gives up at the deadline, however many attempts are left", async () => {
    const { entitlements } = conflicting(Number.POSITIVE_INFINITY, { lockTimeoutMs: 40 });
    let ran = 0;
    const start = performance.now();
    const error = await entitlements
      .enforce(project, async () => {
        ran++;
        await new Promise((resume) => setTimeout(resume, 15));
      })
      .catch((thrown: unknown) => thrown);
    expect(performance.now() - start).toBeLessThan(3_000);
    expect(error).toMatchObject({
      code: expect.stringMatching(/^ENTITLEMENT_(TRANSACTION_CONFLICT|LOCK_TIMEOUT)$/),
      status: 503,
    });
    expect(ran).toBeLessThan(10);
  });

  // Fails where the deadline is not looked at before the next attempt.
  test("is not run again where the deadline has passed while its function ran", async () => {
    const { entitlements } = conflicting(Number.POSITIVE_INFINITY, { lockTimeoutMs: 20 });
    let ran = 0;
    const slow = entitlements.enforce(project, () => {
      ran++;
      return new Promise((resume) => setTimeout(resume, 50));
    });
    await expect(slow).rejects.toBeInstanceOf(TransactionConflictError);
    expect(ran).toBe(1);
  });

  // Fails where the clock of the first attempt's function goes on instead of that of the wait.
  test("waits for the lock again no longer than what is left of lockTimeoutMs", async () => {
    const { memory, entitlements } = conflicting(1, { lockTimeoutMs: 100 });
    let holding: Promise<unknown> = Promise.resolve();
    let leave = (): void => {};
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const late = entitlements.enforce(project, (_tx, { attempt }) => {
      // Stands in line now, and so has the lock before the second attempt.
      if (attempt === 1) holding = outside(() => memory.transaction(() => left));
    });
    await expect(late).rejects.toMatchObject({ code: "ENTITLEMENT_LOCK_TIMEOUT", phase: "wait" });
    leave();
    await holding;
  });

  test("is given up at once when the caller aborts between two attempts", async () => {
    const { entitlements } = conflicting(Number.POSITIVE_INFINITY);
    const controller = new AbortController();
    const reason = new Error("closed the tab");
    let ran = 0;
    const call = entitlements.enforce({ ...project, signal: controller.signal }, () => {
      // The function has ended when this happens: the call is waiting for its next attempt, or about to.
      if (++ran === 3) setTimeout(() => controller.abort(reason));
    });
    await expect(call).rejects.toBe(reason);
    expect(ran).toBeLessThan(10);
  });

  test("in the caller's transaction is not run again: only the caller can", async () => {
    const { memory, entitlements } = conflicting(1);
    let ran = 0;
    await memory.transaction(async (tx) => {
      await expect(entitlements.enforce({ ...project, tx }, () => ran++)).rejects.toBeInstanceOf(
        TransactionConflictError,
      );
    });
    expect(ran).toBe(1);
    expect(await entitlements.usage({ orgId: "acme" })).toMatchObject([{ current: 0 }]);
  });

  test("inside an enforced function makes the outer one run again", async () => {
    const { entitlements } = conflicting(1);
    const attempts: number[] = [];
    await entitlements.enforce(project, async (tx, { attempt }) => {
      attempts.push(attempt);
      await entitlements.consume({ ...project, tx });
    });
    expect(attempts).toEqual([1, 2]);
    expect(await entitlements.usage({ orgId: "acme" })).toMatchObject([{ current: 2 }]);
  });
});

// Fails where every conflict is taken for one of this transaction: the function would run ten times for nothing.
test("a conflict of another transaction, met inside the function, is not run again here", async () => {
  const { entitlements } = conflicting(0);
  const elsewhere = conflicting(Number.POSITIVE_INFINITY);
  let ran = 0;
  const call = entitlements.enforce(project, () => {
    ran++;
    return elsewhere.memory.transaction((tx) => elsewhere.entitlements.consume({ ...project, tx }));
  });
  await expect(call).rejects.toBeInstanceOf(TransactionConflictError);
  expect(ran).toBe(1);
});

test("an error of the host's own is never run again", async () => {
  const { entitlements } = conflicting(0);
  let ran = 0;
  const call = entitlements.enforce(project, () => {
    ran++;
    throw new Error("host");
  });
  await expect(call).rejects.toThrow("host");
  expect(ran).toBe(1);
});
