import { beforeEach, describe, expect, test } from "vitest";
import { counter, createEntitlements, InvalidRequestError, memoryAdapter } from "./index.ts";

const adapter = memoryAdapter();
const entitlements = createEntitlements({
  adapter,
  resources: { "quota:project": counter({ label: "Projects" }), "seat:admin": counter({ label: "Admin seats" }) },
});
const orgId = "acme";
const resourceType = "quota:project";
let ran = 0;
const write = () => ran++;

beforeEach(async () => {
  ran = 0;
  await entitlements.forget({ orgId });
  await entitlements.setLimit({ orgId, resourceType, limit: 5 });
  await entitlements.consume({ orgId, resourceType, amount: 2 });
});

/** The call is refused for `field`, nothing was written and nothing of the host's ran. */
async function expectRefused(call: () => Promise<unknown>, field: string, says: RegExp | string): Promise<void> {
  const before = adapter.rows("org_entitlement");
  const error = await call().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error).toMatchObject({ code: "ENTITLEMENT_INVALID_REQUEST", status: 400, field });
  expect(error).toMatchObject({ message: typeof says === "string" ? says : expect.stringMatching(says) });
  expect(adapter.rows("org_entitlement")).toEqual(before);
  expect(ran).toBe(0);
}

const noUnits: readonly (readonly [string, unknown])[] = [
  ["1.5", 1.5],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["9007199254740992", 2 ** 53],
  ['"5"', "5"],
  ["5n", 5n],
  ["null", null],
  ["true", true],
  ["an array", [1]],
];

describe("an amount", () => {
  const bad: typeof noUnits = [["0", 0], ["-1", -1], ...noUnits];
  test.each(bad)("of %s is refused", async (shown, amount) => {
    const says = `amount must be a whole number from 1 to 2^53 - 1, not ${shown}.`;
    await expectRefused(
      () => entitlements.enforce({ orgId, resourceType, amount: amount as never }, write),
      "amount",
      says,
    );
    await expectRefused(() => entitlements.consume({ orgId, resourceType, amount: amount as never }), "amount", says);
    await expectRefused(() => entitlements.check({ orgId, resourceType, amount: amount as never }), "amount", says);
  });

  test("left out or undefined is one unit", async () => {
    await entitlements.consume({ orgId, resourceType });
    await entitlements.consume({ orgId, resourceType, amount: undefined });
    expect(await entitlements.check({ orgId, resourceType, amount: undefined })).toMatchObject({
      current: 4,
      requested: 1,
    });
  });

  test("of 2^53 - 1 is a proper question, refused by the limit and not by arithmetic", async () => {
    const amount = Number.MAX_SAFE_INTEGER;
    await expect(entitlements.consume({ orgId, resourceType, amount })).rejects.toMatchObject({
      requested: amount,
      current: 2,
    });
    expect(await entitlements.check({ orgId, resourceType, amount })).toMatchObject({
      allowed: false,
      requested: amount,
    });
  });

  test("that would take an unlimited count beyond 2^53 - 1 is refused, and the count stays exact", async () => {
    await entitlements.clearLimit({ orgId, resourceType });
    await entitlements.consume({ orgId, resourceType, amount: Number.MAX_SAFE_INTEGER - 2 });
    const says = "quota:project would count beyond 2^53 - 1, the largest whole number kept exactly.";
    await expectRefused(() => entitlements.enforce({ orgId, resourceType }, write), "amount", says);
    expect(await entitlements.usage({ orgId })).toMatchObject([{ current: Number.MAX_SAFE_INTEGER }, {}]);
  });
});

describe("an amount in claims", () => {
  const bad: typeof noUnits = [...noUnits, ["undefined", undefined], ["-9007199254740992", -(2 ** 53)]];
  test.each(bad)("of %s is refused and names the resource type", async (shown, amount) => {
    const claims = { "seat:admin": 1, "quota:project": amount as never };
    const field = 'claims["quota:project"]';
    const says = `${field} must be a whole number between -(2^53 - 1) and 2^53 - 1, not ${shown}.`;
    await expectRefused(() => entitlements.enforce({ orgId, claims }, write), field, says);
    await expectRefused(() => entitlements.consume({ orgId, claims }), field, says);
  });
});

describe("claims", () => {
  test("that are empty are refused", async () => {
    const says = "claims is empty: name at least one resource type and its amount.";
    await expectRefused(() => entitlements.enforce({ orgId, claims: {} }, write), "claims", says);
  });

  test.each([
    ["a list", ["quota:project"], "an array"],
    ["an empty list", [], "an array"],
    ["a text", "quota:project", '"quota:project"'],
    ["a number", 1, "1"],
    ["null", null, "null"],
  ])("that are %s are refused", async (_what, claims, shown) => {
    const says = `claims must be an object such as { "quota:project": 1 }, not ${shown}.`;
    await expectRefused(() => entitlements.enforce({ orgId, claims: claims as never }, write), "claims", says);
  });

  test("beside a resource type or an amount are refused: which of them counts would be a guess", async () => {
    const says = "Ask either for one `resourceType` (and `amount`) or for several `claims`, not for both.";
    const claims = { "quota:project": 1 };
    await expectRefused(() => entitlements.enforce({ orgId, claims, resourceType } as never, write), "claims", says);
    await expectRefused(() => entitlements.enforce({ orgId, claims, amount: 2 } as never, write), "claims", says);
  });
});

describe("a resource type", () => {
  const malformed = [
    "",
    "project",
    "quota:",
    ":project",
    "Quota:project",
    "quota:Project",
    "quota:1x",
    "quota:a-b",
    "quota:a\n",
    "a:b:c",
  ];
  const calls: readonly ((type: never) => Promise<unknown>)[] = [
    (type) => entitlements.enforce({ orgId, resourceType: type }, write),
    (type) => entitlements.consume({ orgId, resourceType: type }),
    (type) => entitlements.check({ orgId, resourceType: type }),
    (type) => entitlements.resolveEntitlement({ orgId, resourceType: type }),
    (type) => entitlements.setLimit({ orgId, resourceType: type, limit: 1 }),
    (type) => entitlements.clearLimit({ orgId, resourceType: type }),
    (type) => entitlements.enforce({ orgId, claims: { [type]: 1 } }, write),
  ];

  test.each(malformed)("written %j is refused everywhere with the form it should have", async (type) => {
    for (const call of calls) {
      await expectRefused(
        () => call(type as never),
        "resourceType",
        /is not a resource type: expected category:name in lower case, such as "quota:project"/,
      );
    }
  });

  test.each([undefined, null, 5, {}])("that is no text but %j is refused", async (type) => {
    for (const call of calls.slice(0, -1))
      await expectRefused(() => call(type as never), "resourceType", /is not a resource type/);
  });

  test.each(["quota:projects", "feature:sso", "constructor:prototype"])(
    "that is not defined, %s, is refused with those that are",
    async (type) => {
      const says = `"${type}" is not defined. Defined are: quota:project, seat:admin. Add it to \`resources\` or mend the spelling.`;
      for (const call of calls) await expectRefused(() => call(type as never), "resourceType", says);
    },
  );
});
