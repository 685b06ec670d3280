import { beforeEach, describe, expect, test } from "vitest";
import { counter, createEntitlements, memoryAdapter } from "./index.ts";

let adapter = memoryAdapter();
const create = () =>
  createEntitlements({
    adapter,
    resources: ({ counted }) => ({
      "quota:project": counted({ label: "Projects", count: (tx) => tx.entries("project").size }),
      "quota:key": counter({ label: "API keys" }),
    }),
  });
let entitlements = create();
const project = { orgId: "acme", resourceType: "quota:project" } as const;
const key = { orgId: "acme", resourceType: "quota:key" } as const;
const current = async () =>
  Object.fromEntries((await entitlements.usage({ orgId: "acme" })).map((line) => [line.resourceType, line.current]));

beforeEach(() => {
  adapter = memoryAdapter();
  entitlements = create();
});

describe("`when`", () => {
  test("false lets the function run at capacity, without a claim: the write creates nothing", async () => {
    await entitlements.setLimit({ ...key, limit: 1 });
    await entitlements.consume(key);
    for (const when of [() => false, async () => false]) {
      const grant = await entitlements.enforce({ ...key, when }, (tx, granted) => {
        tx.set("key", "k1", "renamed");
        return granted;
      });
      expect(grant).toEqual({ claims: [], attempt: 1 });
    }
    expect(await current()).toMatchObject({ "quota:key": 1 });
    expect(adapter.rows("key").get("k1")).toBe("renamed");
  });

  test("true claims as if it were not there", async () => {
    await entitlements.setLimit({ ...key, limit: 1 });
    expect((await entitlements.enforce({ ...key, when: () => true }, (_tx, grant) => grant)).claims).toHaveLength(1);
    await expect(entitlements.enforce({ ...key, when: () => true }, () => "ran")).rejects.toThrow(
      "API keys limit reached (1/1)",
    );
  });

  test("is asked inside the lock, with the transaction: of two puts of one new id the second is an update", async () => {
    await entitlements.setLimit({ ...project, limit: 1 });
    const put = () =>
      entitlements.enforce(
        { ...project, when: (tx) => tx.get("project", "p1") === undefined },
        async (tx, { claims }) => {
          await Promise.resolve();
          tx.set("project", "p1", {});
          return claims.length;
        },
      );
    expect(await Promise.all([put(), put(), put()])).toEqual([1, 0, 0]);
  });

  // Fails where `counted` is asked after it and `rows` before it.
  test("is asked after everything was counted, whatever the kind: what it writes is no second unit", async () => {
    await entitlements.setLimit({ ...project, limit: 1 });
    const upsert = () =>
      entitlements.enforce(
        {
          ...project,
          when(tx) {
            const isNew = tx.get("project", "p1") === undefined;
            tx.set("project", "p1", {});
            return isNew;
          },
        },
        (_tx, { claims }) => claims,
      );
    expect(await upsert()).toMatchObject([{ current: 0, remaining: 0 }]);
    expect(await upsert()).toEqual([]);
    expect(await current()).toMatchObject({ "quota:project": 1 });
  });

  test("that throws gives that very error, and what it wrote is undone", async () => {
    const thrown = new Error("mine");
    const when = (): never => {
      throw thrown;
    };
    await expect(entitlements.enforce({ ...project, when }, () => "ran")).rejects.toBe(thrown);
  });
});
