import assert from "node:assert/strict";
import { current } from "./counters.ts";
import type { Case } from "./harness.ts";
import { create, door, inBackground, race, tick } from "./race.ts";

export const reading: readonly Case[] = [
  {
    name: "check and usage do not wait for a writer and see only what is committed",
    needs: "two connections",
    async run(world) {
      const { one, two, host, orgId } = world;
      const { reached, pass, open } = door();
      const writer = inBackground(
        one.enforce({ orgId, claims: { "quota:item": 1, "quota:credit": 1 } }, async (tx) => {
          await host.insert(tx, orgId);
          await pass();
        }),
      );
      await reached;
      for (const reader of [one, two]) {
        assert.equal((await reader.check({ orgId, resourceType: "quota:item" })).current, 0);
        assert.deepEqual(
          (await reader.usage({ orgId })).map((line) => line.current),
          [0, 0, 0, 0],
        );
      }
      open();
      await writer;
      assert.deepEqual(
        (await two.usage({ orgId })).map((line) => line.current),
        [1, 1, 0, 0],
      );
    },
  },
  {
    name: "usage lists every resource type in the order of definition, counted as enforcement counts",
    async run(world) {
      const { one, orgId } = world;
      await create(world);
      await one.setLimit({ orgId, resourceType: "quota:item", limit: 2 });
      await one.setLimit({ orgId, resourceType: "feature:switch", limit: 0 });
      assert.deepEqual(
        (await one.usage({ orgId })).map((line) => [
          line.resourceType,
          line.limit,
          line.current,
          line.reserved,
          line.remaining,
          line.status,
        ]),
        [
          ["quota:item", 2, 1, 0, 1, "ok"],
          ["quota:credit", null, 0, 0, null, "unlimited"],
          ["quota:token", null, 0, 0, null, "unlimited"],
          ["feature:switch", 0, 0, 0, 0, "blocked"],
        ],
      );
    },
  },
  {
    name: "check answers as enforcement would and changes nothing",
    async run(world) {
      const { one, orgId } = world;
      await one.setLimit({ orgId, resourceType: "quota:credit", limit: 3 });
      await one.consume({ orgId, resourceType: "quota:credit" });
      const answers = await Promise.all(
        [2, 3].map((amount) => one.check({ orgId, resourceType: "quota:credit", amount })),
      );
      assert.deepEqual(
        answers.map(({ allowed, code, remaining, requested }) => [allowed, code, remaining, requested]),
        [
          [true, null, 2, 2],
          [false, "ENTITLEMENT_LIMIT_REACHED", 2, 3],
        ],
      );
      assert.equal(await current(world, "quota:credit"), 1);
    },
  },
  {
    name: "create or update is decided inside the lock: of two writers of one new thing one creates, the other updates, also at the limit",
    async run(world) {
      const { one, either, host, orgId } = world;
      await one.setLimit({ orgId, resourceType: "quota:item", limit: 1 });
      const put = (index: number): Promise<string> =>
        either(index).enforce(
          {
            orgId,
            resourceType: "quota:item",
            when: async (tx) => (await either(index).check({ orgId, resourceType: "quota:item", tx })).current === 0,
          },
          async (tx, grant) => {
            await tick();
            if (grant.claims.length === 0) return "updated";
            await host.insert(tx, orgId);
            return "created";
          },
        );
      const { granted, refused } = await race(10, put);
      assert.equal(refused, 0);
      assert.deepEqual(granted.toSorted().slice(0, 2), ["created", "updated"]);
      assert.equal(await host.count(orgId), 1);
    },
  },
];
