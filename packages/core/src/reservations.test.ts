import { beforeEach, describe, expect, test } from "vitest";
import { counter, createEntitlements, feature, InvalidRequestError, memoryAdapter } from "./index.ts";

const adapter = memoryAdapter();
const resources = {
  "quota:project": counter({ label: "Projects" }),
  "feature:sso": feature({ label: "Single sign-on" }),
};
const entitlements = createEntitlements({ adapter, resources });
const orgId = "acme";
const project = { orgId, resourceType: "quota:project" } as const;
let ran = 0;

beforeEach(async () => {
  ran = 0;
  await entitlements.forget({ orgId });
});

async function expectRefused(call: () => Promise<unknown>, field: string, says: RegExp): Promise<void> {
  const error = await call().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error).toMatchObject({ field, message: expect.stringMatching(says) });
  expect(await entitlements.usage({ orgId })).toMatchObject([{ current: 0, reserved: 0 }, {}]);
  expect(ran).toBe(0);
}

const noTexts = ["", "x".repeat(256), 5, {}, "a\0b", "\ud800"];

describe("reserve refuses", () => {
  test.each(noTexts)("as key: %j", (key) =>
    expectRefused(() => entitlements.reserve({ ...project, key: key as never }), "key", /^key /),
  );

  test.each([0, -1, 1.5, Number.NaN, 2 ** 53, "5", null])("as amount: %s", (amount) =>
    expectRefused(() => entitlements.reserve({ ...project, amount: amount as never }), "amount", /amount must be/),
  );

  test.each([0, -1, 0.5, Number.NaN, 366 * 86_400_000 + 1, "60000", null])("as ttlMs: %s", (ttlMs) =>
    expectRefused(() => entitlements.reserve({ ...project, ttlMs: ttlMs as never }), "ttlMs", /ttlMs must be/),
  );

  test.each(["invitation:ann", [5], [""], Array(101).fill("k"), null])("as covers: %j", (covers) =>
    expectRefused(() => entitlements.reserve({ ...project, covers: covers as never }), "covers", /covers/),
  );

  test("to cover rows where nothing tells them apart, and to hold a feature", async () => {
    await expectRefused(() => entitlements.reserve({ ...project, covers: ["a"] }), "covers", /Add one to rows\(\)/);
    const sso = { orgId, resourceType: "feature:sso" } as const;
    await expectRefused(() => entitlements.reserve(sso), "resourceType", /a feature, which has no units/);
  });

  test("to hold beyond 2^53 - 1 where nothing limits it", async () => {
    await entitlements.reserve({ ...project, amount: Number.MAX_SAFE_INTEGER });
    await expect(entitlements.reserve(project)).rejects.toMatchObject({ field: "amount" });
    await expect(entitlements.consume(project)).rejects.toMatchObject({ field: "amount" });
  });
});

describe("confirm and release refuse", () => {
  const calls = {
    confirm: (name: object) => entitlements.confirm({ orgId, ...name } as never, () => ran++),
    release: (name: object) => entitlements.release({ orgId, ...name } as never),
  };
  const each = Object.entries(calls);

  test.each(each)("%s: neither id nor key, and both", async (_method, call) => {
    await expectRefused(() => call({}), "id", /by its `id` or by its `key`/);
    await expectRefused(() => call({ id: "quota:project/1", key: "k" }), "id", /by its `id` or by its `key`/);
  });

  test.each(each)("%s: what is no id or key", async (_method, call) => {
    for (const id of [...noTexts, "1", "/1", "project/1", "quota:project"])
      await expectRefused(() => call({ id }), "id", /id /);
    for (const key of noTexts) await expectRefused(() => call({ key }), "key", /^key /);
  });

  test.each(each)("%s: the id of a resource type that is not defined", (_method, call) =>
    expectRefused(() => call({ id: "quota:other/1" }), "resourceType", /is not defined/),
  );

  test("confirm: a write that is no function", () =>
    expectRefused(() => entitlements.confirm({ orgId, key: "k" }, "write" as never), "write", /must be a function/));
});

describe("a reservation", () => {
  test("is plain data that says until when it holds", async () => {
    const now = new Date("2030-01-01T00:00:00Z");
    const timed = createEntitlements({ adapter, resources, clock: () => now });
    const made = await timed.reserve({ ...project, amount: 2, key: "k", ttlMs: 1_000 });
    expect(made).toEqual({
      ...project,
      id: expect.stringMatching(/^quota:project\/[0-9a-f-]{36}$/),
      amount: 2,
      key: "k",
      expiresAt: "2030-01-01T00:00:01.000Z",
    });
    expect((await timed.reserve(project)).expiresAt).toBe("2030-01-01T00:01:00.000Z");
  });

  test("that is gone is an error which says why and what to do", async () => {
    const gone = entitlements.confirm({ orgId, key: "k" });
    await expect(gone).rejects.toMatchObject({ code: "ENTITLEMENT_RESERVATION_EXPIRED", status: 409, orgId });
    await expect(gone).rejects.toThrow(
      /no live reservation "k".*expired, was confirmed or was released.*Reserve again/,
    );
  });

  test("of an id or key with a resource type in it is found by that alone", async () => {
    await entitlements.reserve({ ...project, key: "feature:sso/1" });
    await entitlements.confirm({ orgId, key: "feature:sso/1" });
    expect(await entitlements.usage({ orgId })).toMatchObject([{ current: 1, reserved: 0 }, {}]);
  });

  test("is not made by a call that was aborted", async () => {
    const signal = AbortSignal.abort("gone");
    await expect(entitlements.reserve({ ...project, signal })).rejects.toBe("gone");
    expect(await entitlements.usage({ orgId })).toMatchObject([{ current: 0 }, {}]);
  });
});

describe("the default times", () => {
  test.each(["reservationTtlMs", "idempotencyTtlMs"] as const)("%s must make sense", (name) => {
    for (const value of [0, -1, 1.5, Number.NaN, 366 * 86_400_000 + 1, "60000"])
      expect(() => createEntitlements({ adapter, resources, [name]: value as never })).toThrow(
        new RegExp(`${name} must be a whole number of milliseconds`),
      );
  });
});
