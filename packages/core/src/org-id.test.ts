import { beforeEach, describe, expect, test } from "vitest";
import { counter, createEntitlements, InvalidRequestError, memoryAdapter } from "./index.ts";

const adapter = memoryAdapter();
const entitlements = createEntitlements({ adapter, resources: { "quota:project": counter({ label: "Projects" }) } });
const resourceType = "quota:project";
let ran = 0;

/** Every method that is about one organisation. */
const methods = {
  enforce: (orgId: string) => entitlements.enforce({ orgId, resourceType }, () => ran++),
  consume: (orgId: string) => entitlements.consume({ orgId, resourceType }),
  check: (orgId: string) => entitlements.check({ orgId, resourceType }),
  usage: (orgId: string) => entitlements.usage({ orgId }),
  resolveEntitlement: (orgId: string) => entitlements.resolveEntitlement({ orgId, resourceType }),
  setLimit: (orgId: string) => entitlements.setLimit({ orgId, resourceType, limit: 1 }),
  clearLimit: (orgId: string) => entitlements.clearLimit({ orgId, resourceType }),
  limits: (orgId: string) => entitlements.limits({ orgId }),
  forget: (orgId: string) => entitlements.forget({ orgId }),
};

const refused: readonly (readonly [string, unknown, RegExp])[] = [
  ["an empty text", "", /^orgId must be an organisation's id, a non-empty string, not ""\.$/],
  ["nothing", undefined, /a non-empty string, not undefined\.$/],
  ["null", null, /a non-empty string, not null\.$/],
  ["a number", 42, /a non-empty string, not 42\.$/],
  ["a big integer", 42n, /a non-empty string, not 42n\.$/],
  ["a list", ["acme"], /a non-empty string, not an array\.$/],
  ["an object without a prototype, as parsed queries are", Object.create(null), /not an object\.$/],
  ["JSON that would break when shown", JSON.parse('{"toString":1,"valueOf":1}'), /not an object\.$/],
  ["a function, whose source is not shown", () => "secret", /a non-empty string, not a function\.$/],
  ["a symbol", Symbol("acme"), /a non-empty string, not a symbol\.$/],
  ["ten kilobytes", "x".repeat(10_240), /^orgId is 10240 characters long; at most 255 are taken\.$/],
  ["one character too many", "x".repeat(256), /at most 255 are taken/],
  [
    "a NUL character",
    "ac\0me",
    /^orgId holds a NUL character or half a surrogate pair, which cannot be stored unchanged\.$/,
  ],
  ["the first half of an emoji", "acme\ud83d", /half a surrogate pair/],
  ["the second half of an emoji", "\ude00acme", /half a surrogate pair/],
];

const kept: readonly (readonly [string, string])[] = [
  ["single quotes", "o'brien"],
  ["double quotes", 'the "best" org'],
  ["SQL", "x'; drop table org_entitlement; --"],
  ["a placeholder", ":orgId $1 ? %s"],
  ["unicode", "Ωrg-日本-é-😀"],
  ["decomposed unicode, not normalised", "e\u0301"],
  ["spaces around it, not trimmed", " acme "],
  ["a line break", "ac\nme"],
  ["a name of JavaScript's own", "__proto__"],
  ["255 characters", "x".repeat(255)],
];

beforeEach(async () => {
  ran = 0;
  await entitlements.forget({ orgId: "acme" });
  await entitlements.setLimit({ orgId: "acme", resourceType, limit: 5 });
  await entitlements.consume({ orgId: "acme", resourceType, amount: 2 });
});

describe.each(Object.entries(methods))("%s", (_name, call) => {
  test.each(refused)("refuses an organisation id that is %s", async (_what, orgId, says) => {
    const before = adapter.rows("org_entitlement");
    const error = await call(orgId as never).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({
      name: "InvalidRequestError",
      code: "ENTITLEMENT_INVALID_REQUEST",
      status: 400,
      field: "orgId",
      message: expect.stringMatching(says),
    });
    expect(adapter.rows("org_entitlement")).toEqual(before);
    expect(ran).toBe(0);
  });
});

describe("an organisation id", () => {
  test.each(kept)("with %s is accepted and kept exactly", async (_what, orgId) => {
    await entitlements.setLimit({ orgId, resourceType, limit: 1 });
    await entitlements.consume({ orgId, resourceType });

    expect(await entitlements.usage({ orgId })).toMatchObject([{ limit: 1, current: 1 }]);
    await expect(entitlements.consume({ orgId, resourceType })).rejects.toMatchObject({ orgId, current: 1, limit: 1 });
    await entitlements.setLimit({ orgId, resourceType, limit: 0 });
    expect((await entitlements.overLimit()).organisations.map((each) => each.orgId)).toEqual([orgId]);

    await entitlements.forget({ orgId });
    expect(await entitlements.usage({ orgId })).toMatchObject([{ limit: null, current: 0 }]);
    expect(await entitlements.usage({ orgId: "acme" })).toMatchObject([{ limit: 5, current: 2 }]);
  });

  test("that looks alike is another organisation", async () => {
    await entitlements.consume({ orgId: "\u00e9", resourceType });
    expect(await entitlements.usage({ orgId: "e\u0301" })).toMatchObject([{ current: 0 }]);
    expect(await entitlements.usage({ orgId: "ACME" })).toMatchObject([{ limit: null, current: 0 }]);
    await entitlements.forget({ orgId: "\u00e9" });
  });

  test("that is too long is not repeated in full in the message", async () => {
    const error = await entitlements.usage({ orgId: "secret".repeat(1000) }).catch((thrown: unknown) => String(thrown));
    expect(String(error).length).toBeLessThan(120);
  });
});
