import { counter, createEntitlements, memoryAdapter } from "@x/entitlements-core";
import { describe, expect, it } from "vitest";
import { requireEntitlement, usageHandler } from "./index.ts";

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
    ["nothing to claim", { orgId: proper.orgId }, /either a `resourceType` or `claims`/],
    ["both", { ...proper, claims: { "quota:api_key": 1 } }, /either a `resourceType` or `claims`/],
    ["a `when` that is no function", { ...proper, when: true }, /`when` to be a function/],
  ])("%s", (_name, options, message) => {
    expect(() => Reflect.apply(requireEntitlement, undefined, [entitlements, options])).toThrow(message);
  });

  it("without an instance", () => {
    expect(() => Reflect.apply(requireEntitlement, undefined, [{}, proper])).toThrow(/what createEntitlements\(\)/);
  });
});

it("a usage handler without `authorize`, or with a misspelt option, does not start", () => {
  expect(() => Reflect.apply(usageHandler, undefined, [entitlements, {}])).toThrow(/no default that allows/);
  expect(() => Reflect.apply(usageHandler, undefined, [entitlements, { authorize: () => null, autorize: 1 }])).toThrow(
    /no option "autorize"/,
  );
});
