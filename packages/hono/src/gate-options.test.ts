import { counter, createEntitlements, memoryAdapter } from "@x/entitlements-core";
import { Hono, type MiddlewareHandler } from "hono";
import { describe, expect, it } from "vitest";
import { entitlementsErrorHandler, requireEntitlement, usageHandler } from "./index.ts";

const entitlements = createEntitlements({
  adapter: memoryAdapter(),
  resources: { "quota:api_key": counter({ label: "API keys" }) },
});
const proper = { resourceType: "quota:api_key", orgId: () => "acme" };

describe("a gate that is made wrongly does not start", () => {
  it.each([
    ["no options", undefined, /wants `orgId`/],
    ["no organisation", { resourceType: "quota:api_key" }, /wants `orgId`/],
    ["an organisation that is no function", { ...proper, orgId: "acme" }, /wants `orgId`/],
    ["a misspelt option", { ...proper, amout: 2 }, /no option "amout"/],
    ["an idempotency key", { ...proper, idempotencyKey: () => "1" }, /no option "idempotencyKey"/],
    ["an unknown resource type", { ...proper, resourceType: "quota:key" }, /"quota:key", which is no resource type/],
    ["an unknown type among several", { orgId: proper.orgId, claims: { "quota:key": 1 } }, /"quota:key"/],
    ["claims that are empty", { orgId: proper.orgId, claims: {} }, /at least one resource type/],
    ["nothing to claim", { orgId: proper.orgId }, /either a `resourceType` or `claims`/],
    ["both", { ...proper, claims: { "quota:api_key": 1 } }, /either a `resourceType` or `claims`/],
    ["an unknown `locking`", { ...proper, locking: "never" }, /"before", or "at-commit"/],
    ["a `when` where the lock comes last", { ...proper, locking: "at-commit", when: () => true }, /without `when`/],
    ["a `when` that is no function", { ...proper, when: true }, /`when` to be a function/],
  ])("%s", (_name, options, message) => {
    expect(() => Reflect.apply(requireEntitlement, undefined, [entitlements, options])).toThrow(message);
  });

  it("without an instance", () => {
    expect(() => Reflect.apply(requireEntitlement, undefined, [{}, proper])).toThrow(/what createEntitlements\(\)/);
  });
});

it("a `when` that answers neither true nor false is no fault of the client's", async () => {
  const reported: unknown[] = [];
  const app = new Hono().onError(entitlementsErrorHandler({ onError: (error) => reported.push(error) }));
  const gate: MiddlewareHandler = Reflect.apply(requireEntitlement, undefined, [
    entitlements,
    { ...proper, when: () => 1 },
  ]);
  app.post("/keys", gate, (c) => c.body(null, 201));
  expect((await app.request("/keys", { method: "POST" })).status).toBe(500);
  expect(reported).toMatchObject([{ code: "ENTITLEMENT_CONFIGURATION" }]);
});

it("a usage handler without `authorize`, or with a misspelt option, does not start", () => {
  expect(() => Reflect.apply(usageHandler, undefined, [entitlements, {}])).toThrow(/no default that allows/);
  expect(() => Reflect.apply(usageHandler, undefined, [entitlements, { authorize: () => null, autorize: 1 }])).toThrow(
    /no option "autorize"/,
  );
});
