import assert from "node:assert/strict";
import type { Case, SuiteType, World } from "./harness.ts";
import { race, tick } from "./race.ts";

/** What counts for one resource type now. */
export async function current<Tx>(
  { one, orgId }: Pick<World<Tx>, "one" | "orgId">,
  resourceType: SuiteType,
): Promise<number> {
  return (await one.check({ orgId, resourceType })).current;
}

export const counters: readonly Case[] = [
  {
    name: "L1: 5 units are free and 20 consume one each: 5 get it",
    async run(world) {
      const { one, either, orgId } = world;
      await one.setLimit({ orgId, resourceType: "quota:credit", limit: 5 });
      const { granted, refused } = await race(20, (index) =>
        either(index).consume({ orgId, resourceType: "quota:credit" }),
      );
      assert.deepEqual([granted.length, refused], [5, 15]);
      assert.equal(await current(world, "quota:credit"), 5);
    },
  },
  {
    name: "a batch is granted whole or not at all: ten batches of 3 over 10 units make 9",
    async run(world) {
      const { one, either, orgId } = world;
      await one.setLimit({ orgId, resourceType: "quota:credit", limit: 10 });
      const { granted } = await race(10, (index) =>
        either(index).consume({ orgId, resourceType: "quota:credit", amount: 3 }),
      );
      assert.equal(granted.length, 3);
      assert.equal(await current(world, "quota:credit"), 9);
    },
  },
  {
    name: "no unit is lost: 40 consume without a limit and 40 are counted",
    async run(world) {
      const { either, orgId } = world;
      await race(40, (index) => either(index).consume({ orgId, resourceType: "quota:credit" }));
      assert.equal(await current(world, "quota:credit"), 40);
    },
  },
  {
    name: "what is given back can be taken again, and the count never falls below 0",
    async run(world) {
      const { one, orgId } = world;
      await one.setLimit({ orgId, resourceType: "quota:credit", limit: 2 });
      await one.consume({ orgId, resourceType: "quota:credit", amount: 2 });
      await one.consume({ orgId, claims: { "quota:credit": -1 } });
      await one.consume({ orgId, resourceType: "quota:credit" });
      assert.equal(await current(world, "quota:credit"), 2);
      await one.consume({ orgId, claims: { "quota:credit": -5 } });
      assert.equal(await current(world, "quota:credit"), 0);
    },
  },
  {
    name: "give-backs and claims at once: the count comes out exact and never above the limit",
    async run(world) {
      const { one, either, orgId } = world;
      await one.setLimit({ orgId, resourceType: "quota:credit", limit: 10 });
      await one.consume({ orgId, resourceType: "quota:credit", amount: 10 });
      const { granted } = await race(40, (index) =>
        either(index).enforce({ orgId, claims: { "quota:credit": index % 4 < 2 ? 1 : -1 } }, async (_tx, grant) => {
          await tick();
          return grant.claims[0]?.amount ?? 0;
        }),
      );
      const expected = granted.reduce((sum, amount) => sum + amount, 10);
      assert.equal(await current(world, "quota:credit"), expected);
      assert.ok(expected <= 10, `${expected} of 10`);
    },
  },
  {
    name: "a counter is exact up to 2^53 - 1 and refuses to count beyond",
    async run(world) {
      const { one, orgId } = world;
      const most = Number.MAX_SAFE_INTEGER;
      await one.consume({ orgId, resourceType: "quota:credit", amount: most - 1 });
      await one.consume({ orgId, resourceType: "quota:credit" });
      assert.equal(await current(world, "quota:credit"), most);
      await assert.rejects(one.consume({ orgId, resourceType: "quota:credit" }), {
        code: "ENTITLEMENT_INVALID_REQUEST",
      });
      assert.equal(await current(world, "quota:credit"), most);
    },
  },
];
