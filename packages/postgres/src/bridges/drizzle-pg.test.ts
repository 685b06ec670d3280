import { createEntitlements } from "@x/entitlements-core";
import { testAdapter } from "@x/entitlements-core/testing";
import { drizzle } from "drizzle-orm/node-postgres";
import { expect, test } from "vitest";
import { postgresAdapter } from "../adapter.ts";
import { createApp, failureOf, resources } from "../fixtures/app.ts";
import { testBridge } from "../fixtures/bridge-cases.ts";
import { onDrizzlePg } from "../fixtures/drizzle.ts";
import { underTest } from "../fixtures/host.ts";
import { fromDrizzle } from "./drizzle.ts";

testAdapter(underTest(onDrizzlePg));
testBridge(onDrizzlePg);

// Fails where calls are told apart by their `tx`, of which Drizzle makes another one for each savepoint: the function ran ten
// times, then it was a TransactionConflictError.
test("an idempotency key used again in a savepoint inside its own function is refused, and the function runs once", async () => {
  const { open } = await createApp();
  const entitlements = createEntitlements({ adapter: postgresAdapter(fromDrizzle(drizzle(open()))), resources });
  const key = { orgId: "acme", idempotencyKey: "k" } as const;
  let runs = 0;
  const again = entitlements.enforce({ ...key, resourceType: "quota:project" }, (tx) => {
    runs += 1;
    return tx.transaction((inner) =>
      entitlements.enforce({ ...key, resourceType: "quota:credit", tx: inner }, () => 1),
    );
  });
  expect(await failureOf(again)).toMatchObject({ name: "InvalidRequestError", field: "idempotencyKey" });
  expect(runs).toBe(1);
});
