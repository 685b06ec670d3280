import { beforeEach, describe, expect, test } from "vitest";
import { counter, createEntitlements, InvalidRequestError, memoryAdapter } from "./index.ts";

const adapter = memoryAdapter();
const entitlements = createEntitlements({
  adapter,
  clock: () => new Date("2030-01-01T00:00:00.000Z"),
  resources: { "quota:project": counter({ label: "Projects" }) },
});
const orgId = "acme";
const project = { orgId, resourceType: "quota:project" } as const;

beforeEach(async () => {
  await entitlements.setLimit({ ...project, limit: 5 });
});

/** Refused for `field` with this message, and nothing was written. */
async function expectRefused(call: () => Promise<unknown>, field: string, message: string): Promise<void> {
  const before = adapter.rows("org_entitlement");
  const error = await call().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error).toMatchObject({ code: "ENTITLEMENT_INVALID_REQUEST", status: 400, field, message });
  expect(adapter.rows("org_entitlement")).toEqual(before);
}

describe("a limit", () => {
  test.each([
    ["-1", -1],
    ["1.5", 1.5],
    ["NaN", Number.NaN],
    ["Infinity", Number.POSITIVE_INFINITY],
    ["9007199254740992", 2 ** 53],
    ['"5"', "5"],
    ["5n", 5n],
    ["undefined", undefined],
    ["false", false],
    ["an array", []],
  ])("of %s is refused and the old one stays", async (shown, limit) => {
    const message = `limit must be a whole number from 0 (blocked) to 2^53 - 1, or null (unlimited), not ${shown}.`;
    await expectRefused(() => entitlements.setLimit({ ...project, limit: limit as never }), "limit", message);
    expect(await entitlements.resolveEntitlement(project)).toEqual({ limit: 5, source: "override" });
  });

  test("that is left out is refused: nothing is not unlimited", async () => {
    const message = "limit must be a whole number from 0 (blocked) to 2^53 - 1, or null (unlimited), not undefined.";
    await expectRefused(() => entitlements.setLimit(project as never), "limit", message);
  });

  test.each([0, 1, Number.MAX_SAFE_INTEGER, null])("of %j is accepted and kept exactly", async (limit) => {
    await entitlements.setLimit({ ...project, limit });
    expect(await entitlements.resolveEntitlement(project)).toEqual({ limit, source: "override" });
  });
});

describe("expiresAt", () => {
  test.each([
    ["a text", "2031-01-01", 'must be a valid Date, not "2031-01-01".'],
    ["a number", 1_900_000_000_000, "must be a valid Date, not 1900000000000."],
    ["an invalid date", new Date("tomorrow"), "must be a valid Date, not an invalid date."],
    [
      "in the past",
      new Date("2029-12-31T23:59:59.999Z"),
      "(2029-12-31T23:59:59.999Z) has passed already; use clearLimit() to end a limit now.",
    ],
    [
      "this very moment",
      new Date("2030-01-01T00:00:00.000Z"),
      "(2030-01-01T00:00:00.000Z) has passed already; use clearLimit() to end a limit now.",
    ],
    ["the end of time", new Date(8.64e15), "lies after the year 9999; leave it out for a limit without end."],
  ])("that is %s is refused", async (_what, expiresAt, says) => {
    await expectRefused(
      () => entitlements.setLimit({ ...project, limit: 1, expiresAt: expiresAt as never }),
      "expiresAt",
      `expiresAt ${says}`,
    );
  });

  test("may be a millisecond ahead, the last moment of the year 9999, null or left out", async () => {
    for (const expiresAt of [
      new Date("2030-01-01T00:00:00.001Z"),
      new Date("9999-12-31T23:59:59.999Z"),
      null,
      undefined,
    ]) {
      await entitlements.setLimit({ ...project, limit: 1, expiresAt });
      expect(await entitlements.limits({ orgId })).toMatchObject([
        { limit: 1, expiresAt: expiresAt?.toISOString() ?? null },
      ]);
    }
  });
});

describe.each(["reason", "actor"])("the %s of a limit", (field) => {
  test.each([
    ["1,001 characters long", "x".repeat(1001), /^\w+ must be a text of at most 1000 characters, not "x+…\.$/],
    ["a number", 5, /must be a text of at most 1000 characters, not 5\.$/],
    ["an object", {}, /not an object\.$/],
    ["a text with NUL", "a\0b", /holds a NUL character or half a surrogate pair, which cannot be stored unchanged\.$/],
    ["half an emoji", "\ud83d", /half a surrogate pair/],
  ])("is refused when it is %s", async (_what, value, says) => {
    const message = expect.stringMatching(says);
    await expectRefused(() => entitlements.setLimit({ ...project, limit: 1, [field]: value }), field, message);
    await expectRefused(() => entitlements.clearLimit({ ...project, [field]: value }), field, message);
  });

  test.each(["", "it's; drop table x", "Vertrag – 日本 😀", "x".repeat(1000)])("is kept exactly: %j", async (text) => {
    await entitlements.setLimit({ ...project, limit: 1, [field]: text });
    expect(await entitlements.limits({ orgId })).toMatchObject([{ [field]: text }]);
  });
});

describe("the page of overLimit", () => {
  test.each([
    ["0", 0],
    ["-1", -1],
    ["1001", 1001],
    ["1.5", 1.5],
    ["NaN", Number.NaN],
    ['"10"', "10"],
    ["null", null],
  ])("of %s organisations is refused", async (shown, pageSize) => {
    const message = `pageSize must be a whole number from 1 to 1,000, not ${shown}.`;
    await expectRefused(() => entitlements.overLimit({ pageSize: pageSize as never }), "pageSize", message);
  });

  test.each([
    ["an empty text", "", '""'],
    ["a number", 5, "5"],
  ])("after a cursor that is %s is refused by that name", async (_what, cursor, shown) => {
    const message = `cursor must be an organisation's id, a non-empty string, not ${shown}.`;
    await expectRefused(() => entitlements.overLimit({ cursor: cursor as never }), "cursor", message);
  });

  test("has 1 to 1,000 organisations, and the first needs no cursor", async () => {
    for (const request of [
      { pageSize: 1 },
      { pageSize: 1000 },
      { cursor: null },
      { cursor: undefined },
      {},
      undefined,
    ]) {
      expect(await entitlements.overLimit(request)).toEqual({ organisations: [], cursor: null });
    }
  });
});
