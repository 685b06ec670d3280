import { expect, test } from "vitest";
import { counter, createEntitlements, memoryAdapter } from "./index.ts";

// The storages of this repository have one lock for everything, so the order (L7) is looked at where it is handed over.
test("every call hands the adapter its resource types in one sorted order, however they were named or defined", async () => {
  const memory = memoryAdapter();
  const orders: string[][] = [];
  const noted = (targets: readonly { readonly resourceType: string }[]) =>
    orders.push(targets.map(({ resourceType }) => resourceType));
  const entitlements = createEntitlements({
    adapter: {
      ...memory,
      locked: (scope, work) => {
        noted(scope.targets);
        return memory.locked(scope, work);
      },
    },
    resources: {
      "quota:b": counter({ label: "B" }),
      "quota:c": counter({ label: "C" }),
      "quota:a": counter({ label: "A" }),
    },
  });
  await entitlements.consume({ orgId: "acme", claims: { "quota:c": 1, "quota:a": 1, "quota:b": 1 } });
  await entitlements.consume({ orgId: "acme", claims: { "quota:b": -1, "quota:c": 1, "quota:a": 0 } });
  await entitlements.forget({ orgId: "acme" });
  expect(orders).toEqual(Array.from({ length: 3 }, () => ["quota:a", "quota:b", "quota:c"]));
});
