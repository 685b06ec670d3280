import { describe, expect, test } from "vitest";
import { ConfigurationError, counted, createEntitlements, type MemoryTransaction, memoryAdapter } from "./index.ts";

const resourceType = "quota:report";

/** An organisation with a limit of 5, whose reports `count` counts. */
async function reportsCountedBy(count: (tx: MemoryTransaction, orgId: string) => unknown) {
  const adapter = memoryAdapter();
  const entitlements = createEntitlements({
    adapter,
    resources: { [resourceType]: counted({ label: "Reports", count: count as () => number }) },
  });
  await entitlements.setLimit({ orgId: "acme", resourceType, limit: 5 });
  return { adapter, entitlements };
}

const wrong: readonly (readonly [string, unknown])[] = [
  ["NaN", Number.NaN],
  ["-1", -1],
  ["1.5", 1.5],
  ['"5"', "5"],
  ["undefined", undefined],
  ["null", null],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["9007199254740992", 2 ** 53],
  ["5n", 5n],
  ["an object", Object.create(null)],
];

describe("a count function that answers", () => {
  test.each(wrong)("%s lets nothing pass: the write does not run and the set-up is blamed", async (shown, answer) => {
    const { adapter, entitlements } = await reportsCountedBy(() => answer);
    const before = adapter.rows("org_entitlement");
    let ran = 0;
    const message = `The count of ${resourceType} came out as ${shown}; it must be a whole number from 0 up. Check its \`count\` function.`;

    for (const call of [
      () => entitlements.enforce({ orgId: "acme", resourceType }, () => ran++),
      () => entitlements.enforce({ orgId: "acme", claims: { [resourceType]: -1 } }, () => ran++),
      () => entitlements.consume({ orgId: "acme", resourceType }),
      () => entitlements.check({ orgId: "acme", resourceType }),
      () => entitlements.usage({ orgId: "acme" }),
      () => entitlements.overLimit(),
    ]) {
      const error = await call().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ConfigurationError);
      expect(error).toMatchObject({ code: "ENTITLEMENT_CONFIGURATION", status: 500, message });
    }
    expect(ran).toBe(0);
    expect(adapter.rows("org_entitlement")).toEqual(before);
  });

  test("wrongly also fails an unlimited organisation, which it would fail the day a limit is set", async () => {
    const { entitlements } = await reportsCountedBy(() => undefined);
    await expect(entitlements.consume({ orgId: "unlimited", resourceType })).rejects.toThrow(/came out as undefined/);
  });

  test("later, by a promise, is waited for", async () => {
    const { entitlements } = await reportsCountedBy(async () => 5);
    await expect(entitlements.consume({ orgId: "acme", resourceType })).rejects.toMatchObject({ current: 5, limit: 5 });
  });
});

describe("a count function that throws", () => {
  test.each([
    ["an error", new Error("reports are gone")],
    ["undefined", undefined],
    ["a text", "no"],
  ])("%s: the caller gets that very thing", async (_what, thrown) => {
    let ran = 0;
    for (const count of [
      () => {
        throw thrown;
      },
      () => Promise.reject(thrown),
    ]) {
      const { entitlements } = await reportsCountedBy(count);
      const caught = await entitlements
        .enforce({ orgId: "acme", resourceType }, () => ran++)
        .then(
          () => "passed",
          (error: unknown) => error,
        );
      expect(caught).toBe(thrown);
      await expect(entitlements.usage({ orgId: "acme" })).rejects.toBe(thrown);
    }
    expect(ran).toBe(0);
  });
});

describe("a count function", () => {
  test("is asked with the enforcing transaction and the organisation, and sees what was written in it", async () => {
    const seen: unknown[] = [];
    const { adapter, entitlements } = await reportsCountedBy((tx, orgId) => {
      seen.push(orgId);
      return tx.entries("report").size;
    });
    await adapter.transaction(async (tx) => {
      for (const id of ["a", "b", "c", "d"]) tx.set("report", id, {});
      expect(await entitlements.check({ orgId: "acme", resourceType, tx })).toMatchObject({
        current: 4,
        allowed: true,
      });
      await entitlements.enforce({ orgId: "acme", resourceType, tx }, (inner) => inner.set("report", "e", {}));
      await expect(entitlements.consume({ orgId: "acme", resourceType, tx })).rejects.toMatchObject({ current: 5 });
    });
    expect(seen).toEqual(["acme", "acme", "acme"]);
    expect(await entitlements.usage({ orgId: "acme" })).toMatchObject([{ current: 5, status: "at" }]);
  });

  test("is not asked where only the limit matters", async () => {
    const { entitlements } = await reportsCountedBy(() => {
      throw new Error("asked");
    });
    await entitlements.setLimit({ orgId: "acme", resourceType, limit: 1 });
    await entitlements.clearLimit({ orgId: "acme", resourceType });
    expect(await entitlements.resolveEntitlement({ orgId: "acme", resourceType })).toEqual({
      limit: null,
      source: "none",
    });
    expect(await entitlements.limits({ orgId: "acme" })).toEqual([]);
    await entitlements.forget({ orgId: "acme" });
  });
});
