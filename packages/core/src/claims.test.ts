import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { counter, createEntitlements, feature, isPaymentRequiredError, memoryAdapter } from "./index.ts";

const adapter = memoryAdapter();
const entitlements = createEntitlements({
  adapter,
  resources: ({ counted }) => ({
    "seat:member": counter({ label: "Member seats" }),
    "seat:admin": counter({ label: "Admin seats" }),
    "quota:project": counted({ label: "Projects", count: (tx) => tx.entries("project").size }),
    "feature:sso": feature({ label: "Single sign-on" }),
  }),
});
const orgId = "acme";
const limit = (resourceType: (typeof entitlements.resourceTypes)[number], units: number) =>
  entitlements.setLimit({ orgId, resourceType, limit: units });
const counts = async () =>
  Object.fromEntries((await entitlements.usage({ orgId })).map((line) => [line.resourceType, line.current]));

beforeEach(async () => {
  await entitlements.forget({ orgId });
});

describe("several claims", () => {
  test("are granted together, in the order of the locks, with what is left after each", async () => {
    await limit("seat:member", 5);
    await entitlements.consume({ orgId, resourceType: "seat:member", amount: 3 });
    const grant = await entitlements.consume({ orgId, claims: { "seat:member": -1, "seat:admin": 1 } });
    expect(grant).toEqual({
      claims: [
        { resourceType: "seat:admin", amount: 1, current: 0, limit: null, remaining: null },
        { resourceType: "seat:member", amount: -1, current: 3, limit: 5, remaining: 3 },
      ],
      attempt: 1,
    });
    expect(await counts()).toMatchObject({ "seat:admin": 1, "seat:member": 2 });
  });

  test("are all or nothing: where one does not fit, none is kept and the error names that one", async () => {
    await limit("seat:member", 0);
    const claims = { "seat:admin": 2, "seat:member": 1 };
    await expect(entitlements.consume({ orgId, claims })).rejects.toMatchObject({
      resourceType: "seat:member",
      requested: 1,
    });
    expect(await counts()).toMatchObject({ "seat:admin": 0, "seat:member": 0 });
  });

  test("may mix kinds: a feature that is off refuses the count beside it", async () => {
    await limit("feature:sso", 0);
    const claims = { "feature:sso": 1, "seat:admin": 1 };
    await expect(entitlements.consume({ orgId, claims })).rejects.toMatchObject({
      code: "ENTITLEMENT_FEATURE_DISABLED",
    });
    expect(await counts()).toMatchObject({ "seat:admin": 0 });
  });

  test("that nothing would grow pass even where everything is full or off", async () => {
    for (const type of entitlements.resourceTypes) await limit(type, 0);
    const claims = { "seat:admin": 0, "seat:member": -1, "quota:project": -1, "feature:sso": 0 };
    expect(await entitlements.enforce({ orgId, claims }, () => "ran")).toBe("ran");
  });
});

describe("giving back", () => {
  test("takes from a counter, never below 0", async () => {
    await entitlements.consume({ orgId, resourceType: "seat:admin", amount: 2 });
    await entitlements.consume({ orgId, claims: { "seat:admin": -1 } });
    expect(await counts()).toMatchObject({ "seat:admin": 1 });
    const grant = await entitlements.consume({ orgId, claims: { "seat:admin": -5 } });
    expect(grant.claims).toMatchObject([{ amount: -5, current: 1, remaining: null }]);
    expect(await counts()).toMatchObject({ "seat:admin": 0 });
    await entitlements.consume({ orgId, claims: { "seat:admin": -Number.MAX_SAFE_INTEGER } });
    await entitlements.consume({ orgId, resourceType: "seat:admin" });
    expect(await counts()).toMatchObject({ "seat:admin": 1 });
  });

  test("more than there was leaves the whole limit, not more", async () => {
    await limit("seat:admin", 3);
    await entitlements.consume({ orgId, resourceType: "seat:admin" });
    expect((await entitlements.consume({ orgId, claims: { "seat:admin": -2 } })).claims).toMatchObject([
      { remaining: 3 },
    ]);
  });

  test("on counted rows only takes the lock: the host's write does the shrinking", async () => {
    await adapter.transaction(async (tx) => tx.set("project", "p1", {}));
    await entitlements.enforce({ orgId, claims: { "quota:project": -1 } }, () => {});
    expect(await counts()).toMatchObject({ "quota:project": 1 });
    await entitlements.enforce({ orgId, claims: { "quota:project": -1 } }, (tx) => tx.delete("project", "p1"));
    expect(await counts()).toMatchObject({ "quota:project": 0 });
  });
});

describe("over the limit, after it was lowered", () => {
  beforeEach(async () => {
    await entitlements.consume({ orgId, resourceType: "seat:admin", amount: 5 });
    await limit("seat:admin", 2);
  });

  test("growth is refused", async () => {
    await expect(entitlements.consume({ orgId, resourceType: "seat:admin" })).rejects.toMatchObject({
      current: 5,
      limit: 2,
      requested: 1,
    });
  });

  test("shrinking passes, though still over", async () => {
    expect((await entitlements.consume({ orgId, claims: { "seat:admin": -1 } })).claims).toMatchObject([
      { current: 5, limit: 2, remaining: 0 },
    ]);
    expect(await counts()).toMatchObject({ "seat:admin": 4 });
  });

  test("a neutral claim passes and changes nothing", async () => {
    expect(await entitlements.enforce({ orgId, claims: { "seat:admin": 0 } }, () => "ran")).toBe("ran");
    expect(await counts()).toMatchObject({ "seat:admin": 5 });
  });

  test("a move away passes, a move here is refused and moves nothing", async () => {
    await entitlements.consume({ orgId, claims: { "seat:admin": -1, "seat:member": 1 } });
    await expect(entitlements.consume({ orgId, claims: { "seat:admin": 1, "seat:member": -1 } })).rejects.toMatchObject(
      { resourceType: "seat:admin" },
    );
    expect(await counts()).toMatchObject({ "seat:admin": 4, "seat:member": 1 });
  });
});

test("whatever is claimed and given back, the counts are those of a ledger kept by hand", async () => {
  const step = fc.record({ admin: fc.integer({ min: -3, max: 3 }), member: fc.integer({ min: -3, max: 3 }) });
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 6 }), fc.array(step, { maxLength: 20 }), async (units, steps) => {
      await entitlements.forget({ orgId });
      await limit("seat:admin", units);
      const ledger = { admin: 0, member: 0 };
      for (const { admin, member } of steps) {
        const fits = admin <= 0 || ledger.admin + admin <= units;
        const granted = await entitlements
          .consume({ orgId, claims: { "seat:admin": admin, "seat:member": member } })
          .then(
            () => true,
            (error: unknown) => !isPaymentRequiredError(error) && Promise.reject(error),
          );
        expect(granted).toBe(fits);
        if (!fits) continue;
        ledger.admin = Math.max(0, ledger.admin + admin);
        ledger.member = Math.max(0, ledger.member + member);
      }
      expect(await counts()).toMatchObject({ "seat:admin": ledger.admin, "seat:member": ledger.member });
    }),
  );
});
