import { expect, test } from "vitest";
import { neighbours } from "./fixtures/cases/neighbours.ts";
import { ungated } from "./fixtures/mutants.ts";
import { runCases } from "./fixtures/run-cases.ts";
import { onScene, ORG as orgId } from "./fixtures/scene.ts";

runCases("in one process", [neighbours]);

test("without the gate the callers of one organisation have the whole pool", async () => {
  const broken = onScene({ adapter: ungated, settings: { lockTimeoutMs: 1_000 } }, neighbours.run);
  await expect(broken).rejects.toMatchObject({ code: "ERR_ASSERTION" });
});

test("a pool of one connection serves everything, also calls within calls", async () => {
  await onScene({ pool: { max: 1 } }, async ({ one, insert, count }) => {
    await one.setLimit({ orgId, resourceType: "quota:item", limit: 5 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 12 }, () =>
        one.enforce({ orgId, resourceType: "quota:item" }, async (tx) => {
          await insert(tx);
          await one.consume({ orgId, resourceType: "quota:credit", tx });
          return one.check({ orgId, resourceType: "quota:item", tx });
        }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
    expect([await count(), (await one.check({ orgId, resourceType: "quota:credit" })).current]).toEqual([5, 5]);
  });
});
