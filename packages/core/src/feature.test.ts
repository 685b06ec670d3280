import { beforeEach, describe, expect, test } from "vitest";
import { createEntitlements, FeatureDisabledError, feature, memoryAdapter } from "./index.ts";

const orgId = "acme";
const sso = { orgId, resourceType: "feature:sso" } as const;
const entitlements = createEntitlements({
  adapter: memoryAdapter(),
  resources: { "feature:sso": feature({ label: "Single sign-on" }) },
});

beforeEach(async () => {
  await entitlements.forget({ orgId });
});

describe("a feature", () => {
  test("is on with a limit of 1 or more, and without one", async () => {
    for (const limit of [1, 5, null]) {
      await entitlements.setLimit({ ...sso, limit });
      expect((await entitlements.consume(sso)).claims).toEqual([
        { resourceType: "feature:sso", amount: 1, current: 0, limit, remaining: limit },
      ]);
    }
    await entitlements.clearLimit(sso);
    expect(await entitlements.enforce(sso, () => "ran")).toBe("ran");
  });

  test("is off with a limit of 0, and says so", async () => {
    await entitlements.setLimit({ ...sso, limit: 0 });
    const error = await entitlements.enforce(sso, () => "ran").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FeatureDisabledError);
    expect(error).toMatchObject({
      code: "ENTITLEMENT_FEATURE_DISABLED",
      status: 402,
      orgId,
      resourceType: "feature:sso",
      label: "Single sign-on",
      message:
        'Single sign-on is not available to organisation "acme": feature:sso is switched off. Nothing was written. Switch it on with setLimit({ limit: 1 }).',
    });
  });

  test("is never used up: it counts nothing", async () => {
    await entitlements.setLimit({ ...sso, limit: 1 });
    for (let i = 0; i < 3; i++) await entitlements.consume({ ...sso, amount: 10 });
    expect(await entitlements.usage({ orgId })).toMatchObject([{ current: 0, limit: 1, status: "ok" }]);
  });
});
