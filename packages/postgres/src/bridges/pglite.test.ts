import { PGlite } from "@electric-sql/pglite";
import { counter, createEntitlements } from "@x/entitlements-core";
import { testAdapter } from "@x/entitlements-core/testing";
import { expect, it, onTestFinished } from "vitest";
import { postgresAdapter } from "../adapter.ts";
import { testBridge } from "../fixtures/bridge-cases.ts";
import { underTest } from "../fixtures/host.ts";
import { onPglite } from "../fixtures/pglite.ts";
import { fromPglite } from "./pglite.ts";

const driver = onPglite(await PGlite.create());
testAdapter(underTest(driver));
testBridge(driver);

// Fails where PGlite's own "Transaction is closed" is taken for a lost connection: try again, it said.
it("a function that calls `tx.rollback()` is told so, and nothing is written", async () => {
  const db = await PGlite.create();
  onTestFinished(() => db.close());
  const resources = { "quota:credit": counter({ label: "Credits" }) };
  const entitlements = createEntitlements({ adapter: postgresAdapter(fromPglite(db)), resources });
  await entitlements.migrate();
  const credit = { orgId: "acme", resourceType: "quota:credit" } as const;
  const ended = entitlements.enforce(credit, (tx) => tx.rollback());
  await expect(ended).rejects.toMatchObject({ code: "ENTITLEMENT_CONFIGURATION" });
  await expect(ended).rejects.toThrow(/ended the transaction/);
  await entitlements.consume(credit);
  expect(await entitlements.check(credit)).toMatchObject({ current: 1 });
});
