import { beforeEach, describe, expect, test } from "vitest";
import { counter, createEntitlements, InvalidRequestError, memoryAdapter } from "./index.ts";

const adapter = memoryAdapter();
const entitlements = createEntitlements({ adapter, resources: { "quota:project": counter({ label: "Projects" }) } });
const project = { orgId: "acme", resourceType: "quota:project" } as const;

beforeEach(async () => {
  await entitlements.setLimit({ ...project, limit: 5 });
});

/** Refused for `field` with exactly this message, and nothing was written. */
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

describe("the page of overLimit", () => {
  test.each([["0", 0], ["-1", -1], ["1001", 1001], ["1.5", 1.5], ["NaN", Number.NaN], ['"10"', "10"], ["null", null]])(
    "of %s organisations is refused",
    async (shown, pageSize) => {
      const message = `pageSize must be a whole number from 1 to 1,000, not ${shown}.`;
      await expectRefused(() => entitlements.overLimit({ pageSize: pageSize as never }), "pageSize", message);
    },
  );

  test.each([["an empty text", "", '""'], ["a number", 5, "5"]])("after a cursor that is %s is refused by that name", async (_what, cursor, shown) => {
    const message = `cursor must be an organisation's id, a non-empty string, not ${shown}.`;
    await expectRefused(() => entitlements.overLimit({ cursor: cursor as never }), "cursor", message);
  });

  test("has 1 to 1,000 organisations, and the first needs no cursor", async () => {
    for (const request of [{ pageSize: 1 }, { pageSize: 1000 }, { cursor: null }, { cursor: undefined }, {}, undefined]) {
      expect(await entitlements.overLimit(request)).toEqual({ organisations: [], cursor: null });
    }
  });
});
