import { beforeEach, describe, expect, test } from "vitest";
import { counter, createEntitlements, type EntitlementsEvent, memoryAdapter } from "./index.ts";

const events: EntitlementsEvent[] = [];
const entitlements = createEntitlements({
  adapter: memoryAdapter(),
  resources: { "quota:project": counter({ label: "Projects" }) },
  onEvent: (event) => events.push(event),
});
const orgId = "acme";
const project = { orgId, resourceType: "quota:project" } as const;
const used = async () => (await entitlements.check(project)).current;

beforeEach(async () => {
  await entitlements.forget({ orgId });
  events.length = 0;
});

describe("an idempotency key", () => {
  test.each(["", "x".repeat(256), 5, null, {}, "a\0b", "\ud800"])("%j is refused", async (idempotencyKey) => {
    const refused = entitlements.consume({ ...project, idempotencyKey: idempotencyKey as never });
    await expect(refused).rejects.toMatchObject({ code: "ENTITLEMENT_INVALID_REQUEST", field: "idempotencyKey" });
    expect(await used()).toBe(0);
  });

  test("used for something else is an error that says so", async () => {
    await entitlements.consume({ ...project, idempotencyKey: "k" });
    const mismatch = entitlements.consume({ ...project, amount: 2, idempotencyKey: "k" });
    await expect(mismatch).rejects.toMatchObject({
      code: "ENTITLEMENT_IDEMPOTENCY_MISMATCH",
      status: 409,
      orgId,
      idempotencyKey: "k",
    });
    await expect(mismatch).rejects.toThrow(/used the idempotency key "k" for other claims.*Nothing was written/);
    expect(await used()).toBe(1);
  });

  test("repeated is told of once, and asks `when` once", async () => {
    let asked = 0;
    const call = () =>
      entitlements.enforce({ ...project, idempotencyKey: "k", when: () => ++asked > 0 }, (_tx, { attempt }) => attempt);
    expect([await call(), await call(), asked]).toEqual([1, 1, 1]);
    expect(events.map(({ type }) => type)).toEqual(["enforce.granted"]);
  });
});

class Project {
  readonly name = "Website";
}

describe("a result that would not come back as it was", () => {
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  test.each<[string, unknown, string]>([
    ["a date", new Date(0), "a date"],
    ["a date inside", { made: { at: new Date(0) } }, '["made"]["at"] is a date'],
    ["a map", new Map(), "an object"],
    ["an instance of a class", new Project(), "an object"],
    ["NaN", Number.NaN, "NaN"],
    ["infinity", { share: Number.POSITIVE_INFINITY }, "Infinity"],
    ["a bigint", 5n, "5n"],
    ["a function", () => {}, "a function"],
    ["a symbol", Symbol("s"), "a symbol"],
    ["nothing in a list", [undefined], "undefined"],
    ["a hole in a list", { list: Object.assign([1], { 2: 3 }) }, '["list"][1] is undefined'],
    ["minus zero", [-0], "[0] is 0"],
    ["an object that says how it is written", { toJSON: () => 1 }, "an object"],
    ["a circle", circular, "an object"],
  ])("undoes everything and says what it is: %s", async (_what, result, shown) => {
    const failed = entitlements.enforce({ ...project, idempotencyKey: "k" }, () => result as string);
    await expect(failed).rejects.toMatchObject({ code: "ENTITLEMENT_INVALID_REQUEST", field: "idempotencyKey" });
    await expect(failed).rejects.toThrow(shown);
    expect([await used(), events]).toEqual([0, []]);
  });

  test.each<[string, unknown]>([
    ["null", null],
    ["a text with quotes and emoji", 'He said "ü 🎉"'],
    ["an object without a prototype", Object.assign(Object.create(null), { a: 1 })],
    ["nested data", { a: [{ b: [1, "x", null, false] }] }],
    ["a member that is undefined, which is left out", { a: 1, b: undefined }],
    ["a member called __proto__", JSON.parse('{"__proto__":1}')],
  ])("but %s does", async (_what, result) => {
    const ask = (value: unknown) => entitlements.enforce({ ...project, idempotencyKey: "k" }, () => value as string);
    await ask(result);
    expect(JSON.stringify(await ask("other"))).toBe(JSON.stringify(result));
  });
});
