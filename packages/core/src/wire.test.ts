import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  isResourceType,
  limitSchema,
  RESOURCE_TYPE_PATTERN,
  resourceTypeSchema,
  statusSchema,
  unitsSchema,
  usageResponseSchema,
  usageSchema,
} from "./wire.ts";

const line = {
  resourceType: "seat:admin",
  label: "Admin seats",
  kind: "count",
  limit: 2,
  current: 2,
  reserved: 1,
  remaining: 0,
  status: "at",
  resetsAt: null,
};
const noUnits = [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, "5", 5n, undefined, true];
const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success;

describe("a line of usage", () => {
  test("is accepted as it is sent, also unlimited and with a reset", () => {
    for (const good of [
      line,
      { ...line, limit: null, remaining: null, status: "unlimited" },
      { ...line, resetsAt: "2030-02-01T00:00:00.000Z" },
      { ...line, kind: "feature" },
    ]) {
      expect(usageSchema.parse(good)).toEqual(good);
    }
  });

  test.each(["limit", "current", "reserved", "remaining"])(
    "with a %s that is no number of units is refused",
    (field) => {
      for (const value of noUnits) expect(accepts(usageSchema, { ...line, [field]: value })).toBe(false);
      expect(accepts(usageSchema, { ...line, [field]: null })).toBe(field === "limit" || field === "remaining");
    },
  );

  test.each<[string, unknown]>([
    ["status", "full"],
    ["status", null],
    ["kind", "rows"],
    ["resourceType", "Seat:admin"],
    ["resourceType", "seat"],
    ["label", 5],
    ["label", null],
    ["resetsAt", "tomorrow"],
    ["resetsAt", 5],
    ["resetsAt", undefined],
  ])("with the %s %j is refused", (field, value) => {
    expect(accepts(usageSchema, { ...line, [field]: value })).toBe(false);
  });

  test("and what a newer server may add is left out, not refused", () => {
    expect(usageSchema.parse({ ...line, colour: "red" })).toEqual(line);
    expect(usageResponseSchema.parse({ orgId: "acme", entitlements: [line], page: 1 })).toEqual({
      orgId: "acme",
      entitlements: [line],
    });
  });

  test("missing any part is refused", () => {
    for (const field of Object.keys(line)) expect(accepts(usageSchema, { ...line, [field]: undefined })).toBe(false);
    expect(accepts(usageResponseSchema, { entitlements: [line] })).toBe(false);
    expect(accepts(usageResponseSchema, { orgId: "acme" })).toBe(false);
    expect(accepts(usageResponseSchema, { orgId: "acme", entitlements: [line, {}] })).toBe(false);
  });
});

describe("units and limits", () => {
  test("are whole numbers from 0 to 2^53 - 1, and a limit may be null", () => {
    fc.assert(fc.property(fc.maxSafeNat(), (value) => accepts(unitsSchema, value) && accepts(limitSchema, value)));
    fc.assert(
      fc.property(
        fc.double({ noInteger: true }),
        (value) => !accepts(unitsSchema, value) && !accepts(limitSchema, value),
      ),
    );
    for (const value of noUnits)
      expect([accepts(unitsSchema, value), accepts(limitSchema, value)]).toEqual([false, false]);
    expect([accepts(unitsSchema, null), accepts(limitSchema, null)]).toEqual([false, true]);
  });

  test("every status is known, and no other", () => {
    for (const status of ["unlimited", "blocked", "ok", "near", "at", "over"])
      expect(accepts(statusSchema, status)).toBe(true);
    for (const status of ["OK", "full", "", null, 0]) expect(accepts(statusSchema, status)).toBe(false);
  });
});

test("a resource type is category:name in lower case, for guard, schema and pattern alike", () => {
  for (const good of ["seat:admin", "quota:project", "meter:api_call", "a:b", "a:b2_"])
    expect([isResourceType(good), accepts(resourceTypeSchema, good)]).toEqual([true, true]);
  for (const bad of [
    "seat",
    "seat:",
    ":admin",
    "Seat:admin",
    "seat:1",
    "seat:_a",
    "seat2:a",
    "seat:a-b",
    "seat:a b",
    "seat:a\n",
    " seat:a",
    "a:b:c",
    "sèat:a",
    5,
    null,
  ]) {
    expect([isResourceType(bad), accepts(resourceTypeSchema, bad)]).toEqual([false, false]);
  }
  fc.assert(
    fc.property(
      fc.stringMatching(RESOURCE_TYPE_PATTERN),
      (type) => isResourceType(type) && accepts(resourceTypeSchema, type),
    ),
  );
});
