import { describe, expect, test } from "vitest";
import { ConfigurationError, counter, createEntitlements, type MemoryTransaction, memoryAdapter } from "../index.ts";

const project = { orgId: "acme", resourceType: "quota:project" } as const;

describe("rows of the memory adapter", () => {
  test("are copied on the way in: changing an object afterwards changes no row", async () => {
    const adapter = memoryAdapter();
    const value = { name: "first", tags: ["a"] };
    await adapter.transaction(async (tx) => {
      tx.set("project", "p1", value);
      value.tags.push("b");
      expect(tx.get("project", "p1")).toEqual({ name: "first", tags: ["a"] });
    });
    value.name = "changed";
    expect(adapter.rows("project")).toEqual(new Map([["p1", { name: "first", tags: ["a"] }]]));
  });

  test("are copied on the way out: changing what was read changes no row until it is set again", async () => {
    const adapter = memoryAdapter();
    await adapter.transaction(async (tx) => tx.set("project", "p1", { tags: ["a"] }));
    await adapter.transaction(async (tx) => {
      for (const read of [tx.get("project", "p1"), tx.entries("project").get("p1")])
        (read as { tags: string[] }).tags.push("b");
      tx.entries("project").clear();
      expect(tx.get("project", "p1")).toEqual({ tags: ["a"] });
    });
    const committed = adapter.rows("project");
    (committed.get("p1") as { tags: string[] }).tags.push("c");
    committed.clear();
    expect(adapter.rows("project")).toEqual(new Map([["p1", { tags: ["a"] }]]));
  });

  test("keep dates, maps and undefined, and tell a row that holds undefined from none", async () => {
    const adapter = memoryAdapter();
    const value = { at: new Date(0), by: new Map([["a", new Set([1])]]), none: undefined };
    await adapter.transaction(async (tx) => {
      tx.set("t", "k", value);
      tx.set("t", "u", undefined);
      expect([tx.get("t", "k"), tx.get("t", "u"), tx.get("t", "nothing")]).toEqual([value, undefined, undefined]);
    });
    expect([...adapter.rows("t").keys()]).toEqual(["k", "u"]);
  });

  test("that cannot be copied are refused, and the transaction is undone like any that fails", async () => {
    const adapter = memoryAdapter();
    const failing = adapter.transaction(async (tx) => {
      tx.set("t", "a", 1);
      tx.set("t", "f", () => {});
    });
    await expect(failing).rejects.toThrow(/could not be cloned/);
    expect(adapter.rows("t").size).toBe(0);
  });

  test("of tables and keys named like JavaScript's own are rows like others", async () => {
    const adapter = memoryAdapter();
    await adapter.transaction(async (tx) => {
      tx.set("__proto__", "constructor", 1);
      tx.delete("toString", "nothing");
      expect([tx.get("constructor", "prototype"), tx.get("__proto__", "constructor")]).toEqual([undefined, 1]);
    });
    expect(adapter.rows("__proto__")).toEqual(new Map([["constructor", 1]]));
  });
});

describe("the host's own transaction", () => {
  test("gives back what the work gave, and throws what it threw", async () => {
    const adapter = memoryAdapter();
    const [result, thrown] = [{}, new Error("host")];
    expect(await adapter.transaction(async () => result)).toBe(result);
    await expect(adapter.transaction(() => Promise.reject(thrown))).rejects.toBe(thrown);
    await expect(
      adapter.transaction(() => {
        throw thrown;
      }),
    ).rejects.toBe(thrown);
    await adapter.transaction(async () => {});
  });

  test("runs alone: two that read and write do not lose an update", async () => {
    const adapter = memoryAdapter();
    const increment = () =>
      adapter.transaction(async (tx) => {
        const count = Number(tx.get("t", "count") ?? 0);
        await new Promise((resume) => setTimeout(resume, 1));
        tx.set("t", "count", count + 1);
      });
    await Promise.all(Array.from({ length: 10 }, increment));
    expect(adapter.rows("t").get("count")).toBe(10);
  });

  test("is of no use after its end, committed or undone, by any of its methods", async () => {
    const adapter = memoryAdapter();
    const ended: MemoryTransaction[] = [];
    await adapter.transaction(async (tx) => ended.push(tx));
    await adapter
      .transaction(async (tx) => {
        ended.push(tx);
        throw new Error("undo");
      })
      .catch(() => {});
    for (const tx of ended) {
      for (const use of [
        () => tx.get("t", "k"),
        () => tx.set("t", "k", 1),
        () => tx.delete("t", "k"),
        () => tx.entries("t"),
      ]) {
        expect(use).toThrow(ConfigurationError);
        expect(use).toThrow(
          "This memory transaction has ended. Use `tx` only inside the function it was given to, and await what that does.",
        );
      }
    }
    expect(ended).toHaveLength(2);
    expect(adapter.rows("t").size).toBe(0);
  });
});

test("a read's transaction ends with the read", async () => {
  let kept: MemoryTransaction | undefined;
  const entitlements = createEntitlements({
    adapter: memoryAdapter(),
    resources: ({ counted }) => ({
      "quota:project": counted({
        label: "Projects",
        count: (tx) => {
          kept = tx;
          return 0;
        },
      }),
    }),
  });
  await entitlements.usage({ orgId: "acme" });
  expect(() => kept?.entries("project")).toThrow("This memory transaction has ended.");
});

test("what a count function writes while only reading is not kept", async () => {
  const adapter = memoryAdapter();
  const entitlements = createEntitlements({
    adapter,
    resources: ({ counted }) => ({
      "quota:project": counted({
        label: "Projects",
        count: (tx) => {
          tx.set("t", "k", 1);
          return tx.entries("t").size;
        },
      }),
    }),
  });
  expect(await entitlements.usage({ orgId: "acme" })).toMatchObject([{ current: 1 }]);
  expect(await entitlements.check(project)).toMatchObject({ current: 1 });
  expect(adapter.rows("t").size).toBe(0);
});

test("a long read sees one moment, though claims are committed meanwhile", async () => {
  let goOn = (): void => {};
  const waiting = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const entitlements = createEntitlements({
    adapter: memoryAdapter(),
    resources: ({ counted }) => ({
      "quota:slow": counted({ label: "Slow", count: () => waiting.then(() => 0) }),
      "quota:project": counter({ label: "Projects" }),
      "quota:late": counted({ label: "Late", count: (tx) => tx.entries("t").size }),
    }),
  });
  const reading = entitlements.usage({ orgId: "acme" });
  await entitlements.enforce(project, (tx) => tx.set("t", "k", 1));
  goOn();
  expect(await reading).toMatchObject([{}, { current: 0 }, { current: 0 }]);
  expect(await entitlements.usage({ orgId: "acme" })).toMatchObject([{}, { current: 1 }, { current: 1 }]);
});
