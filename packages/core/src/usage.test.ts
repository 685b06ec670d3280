import { beforeEach, describe, expect, test, vi } from "vitest";
import { counter, createEntitlements, feature, memoryAdapter } from "./index.ts";
import { usageSchema } from "./wire.ts";

const adapter = memoryAdapter();
const entitlements = createEntitlements({
  adapter,
  resources: ({ counted }) => ({
    "seat:member": counter({ label: "Member seats" }),
    "feature:sso": feature({ label: "Single sign-on" }),
    "quota:project": counted({ label: "Projects", count: (tx, orgId) => Number(tx.get("projects", orgId) ?? 0) }),
  }),
});
const orgId = "acme";
const seat = { orgId, resourceType: "seat:member" } as const;

beforeEach(async () => {
  await entitlements.forget({ orgId });
});

describe("check", () => {
  test("says that a claim would fit, and what is left before it", async () => {
    await entitlements.setLimit({ ...seat, limit: 5 });
    await entitlements.consume({ ...seat, amount: 2 });
    expect(await entitlements.check({ ...seat, amount: 3 })).toEqual({
      allowed: true,
      code: null,
      resourceType: "seat:member",
      limit: 5,
      current: 2,
      reserved: 0,
      pending: 0,
      remaining: 3,
      requested: 3,
    });
  });

  test("says why it would not", async () => {
    await entitlements.setLimit({ ...seat, limit: 5 });
    expect(await entitlements.check({ ...seat, amount: 6 })).toMatchObject({
      allowed: false,
      code: "ENTITLEMENT_LIMIT_REACHED",
      limit: 5,
      current: 0,
      remaining: 5,
      requested: 6,
    });
  });

  test("knows a feature that is off, on and not limited", async () => {
    const sso = { orgId, resourceType: "feature:sso" } as const;
    const answer = { resourceType: "feature:sso", current: 0, reserved: 0, pending: 0, requested: 1 };
    expect(await entitlements.check(sso)).toEqual({
      ...answer,
      allowed: true,
      code: null,
      limit: null,
      remaining: null,
    });
    await entitlements.setLimit({ ...sso, limit: 0 });
    expect(await entitlements.check(sso)).toEqual({
      ...answer,
      allowed: false,
      code: "ENTITLEMENT_FEATURE_DISABLED",
      limit: 0,
      remaining: 0,
    });
    await entitlements.setLimit({ ...sso, limit: 1 });
    expect(await entitlements.check(sso)).toEqual({ ...answer, allowed: true, code: null, limit: 1, remaining: 1 });
  });

  test("changes nothing and waits for no one who holds the lock", async () => {
    const before = adapter.rows("org_entitlement");
    const undo = new Error("undo");
    let leave = (): void => {};
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const entered = vi.fn();
    const holder = adapter.transaction(async (tx) => {
      await entitlements.consume({ ...seat, tx });
      expect(await entitlements.check({ ...seat, tx })).toMatchObject({ current: 1 });
      entered();
      await left;
      throw undo;
    });
    await vi.waitFor(() => expect(entered).toHaveBeenCalled(), { interval: 1 });
    expect(await entitlements.check(seat)).toMatchObject({ current: 0 });
    leave();
    await expect(holder).rejects.toBe(undo);
    expect(adapter.rows("org_entitlement")).toEqual(before);
  });

  test("agrees with enforce on every claim around the limit", async () => {
    await entitlements.setLimit({ ...seat, limit: 3 });
    for (let amount = 1; amount <= 5; amount++) {
      const { allowed } = await entitlements.check({ ...seat, amount });
      const granted = await entitlements.consume({ ...seat, amount }).then(
        () => true,
        () => false,
      );
      expect(granted).toBe(allowed);
      if (granted) await entitlements.consume({ orgId, claims: { "seat:member": -amount } });
    }
  });
});

describe("usage", () => {
  test("is one line for each resource type in the order of definition, also where nothing was ever stored", async () => {
    expect(await entitlements.usage({ orgId })).toEqual([
      {
        resourceType: "seat:member",
        label: "Member seats",
        kind: "count",
        limit: null,
        current: 0,
        reserved: 0,
        remaining: null,
        status: "unlimited",
        resetsAt: null,
      },
      {
        resourceType: "feature:sso",
        label: "Single sign-on",
        kind: "feature",
        limit: null,
        current: 0,
        reserved: 0,
        remaining: null,
        status: "unlimited",
        resetsAt: null,
      },
      {
        resourceType: "quota:project",
        label: "Projects",
        kind: "count",
        limit: null,
        current: 0,
        reserved: 0,
        remaining: null,
        status: "unlimited",
        resetsAt: null,
      },
    ]);
  });

  test("goes through every status on the way from empty to over", async () => {
    await entitlements.setLimit({ orgId, resourceType: "quota:project", limit: 5 });
    const seen: unknown[] = [];
    for (const current of [0, 3, 4, 5, 6]) {
      await adapter.transaction(async (tx) => tx.set("projects", orgId, current));
      const line = (await entitlements.usage({ orgId })).at(-1);
      seen.push([line?.current, line?.remaining, line?.status]);
    }
    expect(seen).toEqual([
      [0, 5, "ok"],
      [3, 2, "ok"],
      [4, 1, "near"],
      [5, 0, "at"],
      [6, 0, "over"],
    ]);
    await adapter.transaction(async (tx) => tx.delete("projects", orgId));
  });

  test("is blocked by a limit of 0, for counts and features", async () => {
    await entitlements.setLimit({ ...seat, limit: 0 });
    await entitlements.setLimit({ orgId, resourceType: "feature:sso", limit: 0 });
    expect((await entitlements.usage({ orgId })).map(({ status }) => status)).toEqual([
      "blocked",
      "blocked",
      "unlimited",
    ]);
  });

  test("counts near from the share that was set", async () => {
    const early = createEntitlements({
      adapter,
      nearAt: 0.5,
      resources: { "seat:member": counter({ label: "Member seats" }) },
    });
    await early.setLimit({ ...seat, limit: 4 });
    await early.consume({ ...seat, amount: 2 });
    expect(await early.usage({ orgId })).toMatchObject([{ status: "near" }]);
    expect(await entitlements.usage({ orgId })).toMatchObject([{ status: "ok" }, {}, {}]);
  });

  test("in a caller's transaction sees what was written there", async () => {
    await adapter.transaction(async (tx) => {
      tx.set("projects", orgId, 2);
      expect(await entitlements.usage({ orgId, tx })).toMatchObject([{}, {}, { current: 2 }]);
    });
    expect(await entitlements.usage({ orgId })).toMatchObject([{}, {}, { current: 2 }]);
    await adapter.transaction((tx) => tx.delete("projects", orgId));
  });

  test("always fits the schema of the wire", async () => {
    await entitlements.setLimit({ ...seat, limit: 1 });
    await entitlements.consume(seat);
    for (const line of await entitlements.usage({ orgId })) expect(usageSchema.parse(line)).toEqual(line);
  });
});
