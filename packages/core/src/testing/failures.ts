import assert from "node:assert/strict";
import { isEntitlementsError, isPaymentRequiredError } from "../errors.ts";
import type { Case } from "./harness.ts";

/** For storages that can fail: run where the adapter under test can be broken. */
export const failures: readonly Case[] = [
  {
    name: "L10: when the storage fails nothing is granted and nothing is refused: the call says that it could not decide",
    async run({ one, two, host, orgId, breakStorage }) {
      await one.setLimit({ orgId, resourceType: "quota:item", limit: 5 });
      await one.usage({ orgId });
      await breakStorage();
      let ran = false;
      const undecided = (error: unknown): boolean =>
        isEntitlementsError(error) && !isPaymentRequiredError(error) && error.status >= 500;
      for (const entitlements of [one, two]) {
        const writing = entitlements.enforce({ orgId, resourceType: "quota:item" }, async (tx) => {
          ran = true;
          await host.insert(tx, orgId);
        });
        await assert.rejects(writing, undecided);
        await assert.rejects(entitlements.check({ orgId, resourceType: "quota:item" }), undecided);
        await assert.rejects(entitlements.usage({ orgId }), undecided);
        await assert.rejects(entitlements.setLimit({ orgId, resourceType: "quota:item", limit: 9 }), undecided);
      }
      assert.deepEqual([ran, await host.count(orgId)], [false, 0]);
    },
  },
];
