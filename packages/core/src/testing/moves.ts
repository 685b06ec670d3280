import assert from "node:assert/strict";
import { current } from "./counters.ts";
import type { Case, World } from "./harness.ts";
import { create, race, tick } from "./race.ts";

/** Turns a credit into a thing of the host's. */
function toItem<Tx>({ orgId, host, either }: World<Tx>, index: number): Promise<number> {
  return either(index).enforce({ orgId, claims: { "quota:item": 1, "quota:credit": -1 } }, async (tx) => {
    await tick();
    await host.insert(tx, orgId);
    return 1;
  });
}

/** Turns a thing of the host's into a credit. */
function toCredit<Tx>({ orgId, host, either }: World<Tx>, index: number): Promise<number> {
  return either(index).enforce({ orgId, claims: { "quota:credit": 1, "quota:item": -1 } }, async (tx) => {
    await tick();
    await host.remove(tx, orgId);
    return -1;
  });
}

async function fill<Tx>(world: World<Tx>, items: number, credits: number): Promise<void> {
  for (let made = 0; made < items; made++) await create(world);
  if (credits > 0) await world.one.consume({ orgId: world.orgId, resourceType: "quota:credit", amount: credits });
}

async function limit<Tx>({ one, orgId }: World<Tx>, items: number, credits: number): Promise<void> {
  await one.setLimit({ orgId, resourceType: "quota:item", limit: items });
  await one.setLimit({ orgId, resourceType: "quota:credit", limit: credits });
}

export const moves: readonly Case[] = [
  {
    name: "L7: moves from A to B and from B to A at once never deadlock, and nothing is lost on the way",
    async run(world) {
      await fill(world, 20, 20);
      await limit(world, 30, 30);
      const { granted } = await race(40, (index) => (index % 4 < 2 ? toItem(world, index) : toCredit(world, index)));
      const moved = granted.reduce((sum, units) => sum + units, 0);
      const [items, credits] = [await world.host.count(world.orgId), await current(world, "quota:credit")];
      assert.deepEqual([items, credits], [20 + moved, 20 - moved]);
      assert.ok(items <= 30 && credits <= 30, `${items} and ${credits} of 30`);
    },
  },
  {
    name: "L7: moves both ways while both are full are all refused, and end",
    async run(world) {
      await fill(world, 3, 3);
      await limit(world, 3, 3);
      const { granted, refused } = await race(20, (index) =>
        index % 4 < 2 ? toItem(world, index) : toCredit(world, index),
      );
      assert.deepEqual([granted.length, refused], [0, 20]);
      assert.deepEqual([await world.host.count(world.orgId), await current(world, "quota:credit")], [3, 3]);
    },
  },
  {
    name: "several claims are granted together or not at all",
    async run(world) {
      const { one, orgId } = world;
      await one.setLimit({ orgId, resourceType: "quota:token", limit: 1 });
      await assert.rejects(one.consume({ orgId, claims: { "quota:credit": 1, "quota:token": 2 } }), {
        code: "ENTITLEMENT_LIMIT_REACHED",
        resourceType: "quota:token",
        requested: 2,
      });
      assert.deepEqual([await current(world, "quota:credit"), await current(world, "quota:token")], [0, 0]);
      await one.consume({ orgId, claims: { "quota:credit": 1, "quota:token": 1 } });
      assert.deepEqual([await current(world, "quota:credit"), await current(world, "quota:token")], [1, 1]);
    },
  },
  {
    name: "batches of the same claims named in opposite order are granted exactly",
    async run(world) {
      const { one, either, orgId } = world;
      await one.setLimit({ orgId, resourceType: "quota:credit", limit: 5 });
      const { granted } = await race(20, (index) =>
        either(index).consume({
          orgId,
          claims: index % 2 === 0 ? { "quota:credit": 1, "quota:token": 1 } : { "quota:token": 1, "quota:credit": 1 },
        }),
      );
      assert.equal(granted.length, 5);
      assert.deepEqual([await current(world, "quota:credit"), await current(world, "quota:token")], [5, 5]);
    },
  },
];
