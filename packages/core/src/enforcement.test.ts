import { beforeEach, describe, expect, test } from "vitest";
import { counter, createEntitlements, feature, isLimitReachedError, memoryAdapter } from "./index.ts";

const adapter = memoryAdapter();
const entitlements = createEntitlements({
  adapter,
  resources: ({ counted }) => ({
    "quota:project": counted({ label: "Projects", count: (tx) => tx.entries("project").size }),
    "quota:key": counter({ label: "API keys" }),
    "feature:sso": feature({ label: "Single sign-on" }),
  }),
});
const orgId = "acme";
const project = { orgId, resourceType: "quota:project" } as const;
const key = { orgId, resourceType: "quota:key" } as const;
const current = async () =>
  Object.fromEntries((await entitlements.usage({ orgId })).map((line) => [line.resourceType, line.current]));

beforeEach(async () => {
  await entitlements.forget({ orgId });
  await adapter.transaction(async (tx) => {
    for (const id of tx.entries("project").keys()) tx.delete("project", id);
  });
});

describe("the function's result", () => {
  test("comes through as it is: an object, nothing, a promise's value", async () => {
    const made = { id: 1 };
    expect(await entitlements.enforce(project, () => made)).toBe(made);
    expect(await entitlements.enforce(project, async () => made)).toBe(made);
    expect(await entitlements.enforce(project, () => undefined)).toBeUndefined();
    expect(await entitlements.enforce(project, () => null)).toBeNull();
  });

  test("of any thenable is waited for, as query builders are", async () => {
    // biome-ignore lint/suspicious/noThenProperty: a query builder is a thenable.
    const query = { then: (resolve: (value: string) => void) => setTimeout(resolve, 1, "rows") };
    expect(await entitlements.enforce(project, () => query)).toBe("rows");
  });
});

describe("the function's error", () => {
  test.each([
    ["an error", new TypeError("mine")],
    ["a text", "mine"],
    ["undefined", undefined],
    ["null", null],
  ])("comes through as it is, thrown or rejected, and undoes claim and write: %s", async (_what, thrown) => {
    const failing = [
      (): never => {
        throw thrown;
      },
      () => Promise.reject(thrown),
    ];
    for (const fail of failing) {
      const caught = await entitlements
        .enforce({ orgId, claims: { "quota:project": 1, "quota:key": 2 } }, (tx) => {
          tx.set("project", "p1", {});
          return fail();
        })
        .then(
          () => "passed",
          (error: unknown) => error,
        );
      expect(caught).toBe(thrown);
      expect(await current()).toEqual({ "quota:project": 0, "quota:key": 0, "feature:sso": 0 });
      expect(adapter.rows("project").size).toBe(0);
    }
  });
});

describe("an amount", () => {
  test("is all or nothing: 3 do not fit beside 3 of 5, 2 do", async () => {
    await entitlements.setLimit({ ...key, limit: 5 });
    await entitlements.consume({ ...key, amount: 3 });
    await expect(entitlements.consume({ ...key, amount: 3 })).rejects.toMatchObject({
      current: 3,
      limit: 5,
      requested: 3,
    });
    expect(await current()).toMatchObject({ "quota:key": 3 });
    expect((await entitlements.consume({ ...key, amount: 2 })).claims).toEqual([
      { resourceType: "quota:key", amount: 2, current: 3, limit: 5, remaining: 0 },
    ]);
  });

  test("is counted without a limit too, so that one set later finds the true number", async () => {
    await entitlements.consume({ ...key, amount: 7 });
    await entitlements.setLimit({ ...key, limit: 5 });
    expect(await entitlements.usage({ orgId })).toContainEqual(
      expect.objectContaining({ resourceType: "quota:key", current: 7, status: "over" }),
    );
  });
});

describe("a refusal", () => {
  test("says what is full and what to do, and the function has not run", async () => {
    let ran = 0;
    await entitlements.setLimit({ ...project, limit: 0 });
    const error = await entitlements.enforce(project, () => ran++).catch((thrown: unknown) => thrown);
    expect(isLimitReachedError(error)).toBe(true);
    expect(error).toMatchObject({
      code: "ENTITLEMENT_LIMIT_REACHED",
      status: 402,
      orgId,
      resourceType: "quota:project",
      label: "Projects",
      current: 0,
      limit: 0,
      requested: 1,
      message:
        'Projects limit reached (0/0): organisation "acme" asked for 1 more of quota:project. Nothing was written. Free some units or raise the limit with setLimit().',
    });
    expect(ran).toBe(0);
  });

  test("leaves the storage ready for the next caller", async () => {
    await entitlements.setLimit({ ...project, limit: 1 });
    await entitlements.enforce(project, (tx) => tx.set("project", "p1", {}));
    for (let i = 0; i < 3; i++)
      await expect(entitlements.enforce(project, () => "ran")).rejects.toThrow("Projects limit reached (1/1)");
    await entitlements.enforce({ orgId, claims: { "quota:project": -1 } }, (tx) => tx.delete("project", "p1"));
    expect(await entitlements.enforce(project, () => "ran")).toBe("ran");
  });
});

test("an organisation's limit binds no other", async () => {
  await entitlements.setLimit({ ...key, limit: 0 });
  await expect(entitlements.consume(key)).rejects.toThrow("API keys limit reached (0/0)");
  expect((await entitlements.consume({ ...key, orgId: "globex" })).claims).toMatchObject([
    { current: 0, limit: null, remaining: null },
  ]);
});
