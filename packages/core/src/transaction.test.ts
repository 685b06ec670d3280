import { beforeEach, describe, expect, test } from "vitest";
import {
  ConfigurationError,
  counter,
  createEntitlements,
  isLimitReachedError,
  type MemoryTransaction,
  memoryAdapter,
} from "./index.ts";

const resources = { "quota:project": counter({ label: "Projects" }), "seat:admin": counter({ label: "Admin seats" }) };
let adapter = memoryAdapter();
let entitlements = createEntitlements({ adapter, resources });
const orgId = "acme";
const project = { orgId, resourceType: "quota:project" } as const;
const used = async () => (await entitlements.usage({ orgId })).map(({ current }) => current);
const stored = () => [...adapter.rows("project").keys()];

beforeEach(async () => {
  adapter = memoryAdapter();
  entitlements = createEntitlements({ adapter, resources });
  await entitlements.setLimit({ ...project, limit: 2 });
});

describe("in a transaction of the SDK's own", () => {
  test("the write and the claim commit together", async () => {
    await entitlements.enforce(project, (tx) => tx.set("project", "p1", {}));
    expect([await used(), stored()]).toEqual([[1, 0], ["p1"]]);
  });

  test("nobody sees either of them before", async () => {
    await entitlements.enforce(project, async (tx) => {
      tx.set("project", "p1", {});
      expect(stored()).toEqual([]);
      expect(await entitlements.usage({ orgId, tx })).toMatchObject([{ current: 1 }, {}]);
    });
  });

  test("a failure undoes sets, deletes and claims, and the next caller finds it as it was", async () => {
    await entitlements.enforce(project, (tx) => tx.set("project", "p1", { name: "first" }));
    const failing = entitlements.enforce({ orgId, claims: { "quota:project": 1, "seat:admin": 3 } }, (tx) => {
      tx.set("project", "p1", { name: "renamed" });
      tx.set("project", "p2", {});
      tx.delete("project", "p1");
      throw new Error("host");
    });
    await expect(failing).rejects.toThrow("host");
    expect([await used(), adapter.rows("project")]).toEqual([[1, 0], new Map([["p1", { name: "first" }]])]);
  });

  test("the transaction is of no use after its end", async () => {
    let kept: MemoryTransaction | undefined;
    await entitlements.enforce(project, (tx) => {
      kept = tx;
    });
    expect(() => kept?.set("project", "late", {})).toThrow(ConfigurationError);
    await expect(entitlements.consume({ ...project, tx: kept })).rejects.toThrow("This memory transaction has ended.");
  });
});

describe("in the caller's transaction", () => {
  test("claim and write become visible with the caller's commit", async () => {
    await adapter.transaction(async (tx) => {
      const result = await entitlements.enforce({ ...project, tx }, (inner) => {
        expect(inner).toBe(tx);
        inner.set("project", "p1", {});
        return "made";
      });
      expect(result).toBe("made");
      expect(stored()).toEqual([]);
    });
    expect([await used(), stored()]).toEqual([[1, 0], ["p1"]]);
  });

  test("and are undone with the caller's rollback", async () => {
    const failing = adapter.transaction(async (tx) => {
      await entitlements.enforce({ ...project, tx }, (inner) => inner.set("project", "p1", {}));
      throw new Error("caller");
    });
    await expect(failing).rejects.toThrow("caller");
    expect([await used(), stored()]).toEqual([[0, 0], []]);
  });

  test("a denial undoes its own part only, and the transaction goes on", async () => {
    await adapter.transaction(async (tx) => {
      tx.set("project", "own", {});
      await entitlements.consume({ ...project, tx, amount: 2 });
      const error = await entitlements.enforce({ ...project, tx }, () => "ran").catch((thrown: unknown) => thrown);
      expect(isLimitReachedError(error)).toBe(true);
      await entitlements.consume({ orgId, resourceType: "seat:admin", tx });
      tx.set("project", "after", {});
    });
    expect([await used(), stored()]).toEqual([
      [2, 1],
      ["own", "after"],
    ]);
  });

  test("a throw undoes its own claim and writes only, and the transaction goes on", async () => {
    const thrown = new Error("host");
    await adapter.transaction(async (tx) => {
      tx.set("project", "own", { name: "before" });
      const failing = entitlements.enforce({ ...project, tx }, (inner) => {
        inner.set("project", "own", { name: "changed" });
        inner.set("project", "p1", {});
        throw thrown;
      });
      await expect(failing).rejects.toBe(thrown);
      expect(tx.get("project", "own")).toEqual({ name: "before" });
      tx.set("project", "after", {});
    });
    expect([await used(), stored()]).toEqual([
      [0, 0],
      ["own", "after"],
    ]);
  });

  test("refused input leaves the transaction usable too", async () => {
    await adapter.transaction(async (tx) => {
      await expect(entitlements.consume({ ...project, tx, amount: 0 })).rejects.toThrow("amount must be");
      await entitlements.consume({ ...project, tx });
    });
    expect(await used()).toEqual([1, 0]);
  });

  test("limits can be set, read, cleared and forgotten, all undone with it", async () => {
    const failing = adapter.transaction(async (tx) => {
      await entitlements.setLimit({ ...project, limit: 9, tx });
      expect(await entitlements.resolveEntitlement({ ...project, tx })).toEqual({ limit: 9, source: "override" });
      expect(await entitlements.limits({ orgId, tx })).toMatchObject([{ limit: 9 }]);
      await entitlements.clearLimit({ ...project, tx });
      expect(await entitlements.limits({ orgId, tx })).toEqual([]);
      await entitlements.forget({ orgId, tx });
      throw new Error("caller");
    });
    await expect(failing).rejects.toThrow("caller");
    expect(await entitlements.resolveEntitlement(project)).toEqual({ limit: 2, source: "override" });
  });

  test("a transaction of another storage is refused: it knows none of these limits", async () => {
    await memoryAdapter().transaction(async (tx) => {
      for (const call of [
        () => entitlements.enforce({ ...project, tx, amount: 3 }, () => "ran"),
        () => entitlements.usage({ orgId, tx }),
        () => entitlements.setLimit({ ...project, limit: 1, tx }),
      ]) {
        const error = await call().catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(ConfigurationError);
        expect(error).toMatchObject({
          message: expect.stringMatching(/^`tx` is no transaction of this memory adapter\. Pass the one/),
        });
      }
    });
  });

  test.each([{}, "tx", 5, memoryAdapter()])("what is no transaction at all is refused: %o", async (tx) => {
    await expect(entitlements.consume({ ...project, tx: tx as never })).rejects.toBeInstanceOf(ConfigurationError);
  });
});

describe("a transaction of the host's own", () => {
  test("without which a call in it would wait for it: that is refused at once", async () => {
    await adapter.transaction(async () => {
      await expect(entitlements.consume(project)).rejects.toThrow(/Pass on the `tx`/);
      await expect(entitlements.usage({ orgId })).rejects.toThrow(/Pass on the `tx`/);
    });
    await entitlements.consume(project);
  });

  test("inside an enforced function would wait for it: that is refused at once", async () => {
    await entitlements.enforce(project, async () => {
      await expect(adapter.transaction(() => {})).rejects.toThrow(/Pass on the `tx`/);
    });
  });

  test("waits for its turn until lockTimeoutMs, or until its signal is aborted", async () => {
    let leave = (): void => {};
    const holding = entitlements.enforce(
      project,
      () =>
        new Promise<void>((resolve) => {
          leave = resolve;
        }),
    );
    await expect(adapter.transaction(() => {}, { lockTimeoutMs: 20 })).rejects.toMatchObject({
      code: "ENTITLEMENT_LOCK_TIMEOUT",
      phase: "wait",
      message: expect.stringContaining("within 20 ms"),
    });
    const signal = AbortSignal.timeout(20);
    expect(await adapter.transaction(() => {}, { signal }).catch((reason: unknown) => reason)).toBe(signal.reason);
    leave();
    await holding;
    expect(await adapter.transaction(() => "done")).toBe("done");
  });

  test("that never ends is rolled back after transactionTimeoutMs", async () => {
    const endless = adapter.transaction(
      (tx) => {
        tx.set("project", "p1", {});
        return new Promise<never>(() => {});
      },
      { transactionTimeoutMs: 20 },
    );
    await expect(endless).rejects.toMatchObject({ phase: "hold", message: expect.stringContaining("(transaction)") });
    expect(stored()).toEqual([]);
    await entitlements.consume(project);
  });

  test("refuses misspelt options, nonsense times and what is no function", async () => {
    await expect(adapter.transaction(() => {}, { timeout: 5 } as never)).rejects.toThrow(/no option "timeout"/);
    await expect(adapter.transaction(() => {}, { lockTimeoutMs: 0 })).rejects.toThrow(/lockTimeoutMs must be/);
    await expect(adapter.transaction(() => {}, null as never)).rejects.toThrow(/options as an object, not null/);
    await expect(adapter.transaction("work" as never)).rejects.toThrow(/work must be a function/);
  });
});
