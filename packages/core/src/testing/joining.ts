import assert from "node:assert/strict";
import { isConfigurationError, isLimitReachedError } from "../errors.ts";
import { current } from "./counters.ts";
import type { Case } from "./harness.ts";
import { assertWaits, create, door, inBackground } from "./race.ts";

export const joining: readonly Case[] = [
  {
    name: "L11: claim and write inside the caller's transaction commit with it",
    async run(world) {
      const { one, host, orgId } = world;
      await host.transaction(async (tx) => {
        await host.insert(tx, orgId);
        await one.enforce({ orgId, claims: { "quota:item": 1, "quota:credit": 1 }, tx }, (inner) =>
          host.insert(inner, orgId),
        );
      });
      assert.deepEqual([await host.count(orgId), await current(world, "quota:credit")], [2, 1]);
    },
  },
  {
    name: "L11: claim, write and a limit set inside the caller's transaction are undone with it",
    async run(world) {
      const { one, host, orgId } = world;
      const changed = new Error("changed my mind");
      const rolledBack = host.transaction(async (tx) => {
        await one.enforce({ orgId, claims: { "quota:item": 1, "quota:credit": 1 }, tx }, (inner) =>
          host.insert(inner, orgId),
        );
        await one.setLimit({ orgId, resourceType: "quota:item", limit: 0, tx });
        throw changed;
      });
      await assert.rejects(rolledBack, (error) => error === changed);
      assert.deepEqual(
        [await host.count(orgId), await current(world, "quota:credit"), await one.limits({ orgId })],
        [0, 0, []],
      );
    },
  },
  {
    name: "L11: a refusal leaves the caller's transaction usable, with what it had written",
    async run(world) {
      const { one, host, orgId } = world;
      await one.setLimit({ orgId, resourceType: "quota:item", limit: 1 });
      await host.transaction(async (tx) => {
        await host.insert(tx, orgId);
        await assert.rejects(
          one.enforce({ orgId, claims: { "quota:credit": 1, "quota:item": 1 }, tx }, (inner) =>
            host.insert(inner, orgId),
          ),
          isLimitReachedError,
        );
        await one.consume({ orgId, resourceType: "quota:token", tx });
      });
      assert.deepEqual(
        [await host.count(orgId), await current(world, "quota:credit"), await current(world, "quota:token")],
        [1, 0, 1],
      );
    },
  },
  {
    name: "L11: a function that throws is undone alone; the caller's transaction goes on",
    async run(world) {
      const { one, host, orgId } = world;
      const reason = new Error("no");
      await host.transaction(async (tx) => {
        await host.insert(tx, orgId);
        const failing = one.enforce({ orgId, claims: { "quota:item": 1, "quota:credit": 1 }, tx }, async (inner) => {
          await host.insert(inner, orgId);
          throw reason;
        });
        await assert.rejects(failing, (error) => error === reason);
        await host.insert(tx, orgId);
      });
      assert.deepEqual([await host.count(orgId), await current(world, "quota:credit")], [2, 0]);
    },
  },
  {
    name: "two enforcements one after the other in one transaction count each other's writes",
    async run(world) {
      const { one, host, orgId } = world;
      await one.setLimit({ orgId, resourceType: "quota:item", limit: 1 });
      await host.transaction(async (tx) => {
        await one.enforce({ orgId, resourceType: "quota:item", tx }, (inner) => host.insert(inner, orgId));
        await assert.rejects(one.consume({ orgId, resourceType: "quota:item", tx }), isLimitReachedError);
        assert.equal((await one.check({ orgId, resourceType: "quota:item", tx })).current, 1);
      });
      assert.equal(await host.count(orgId), 1);
    },
  },
  {
    name: "what was counted, held and limited before in one transaction counts for its next call",
    async run(world) {
      const { one, host, orgId } = world;
      await host.transaction(async (tx) => {
        const request = { orgId, resourceType: "quota:credit", tx } as const;
        await one.consume(request);
        await one.setLimit({ ...request, limit: 2 });
        await one.reserve(request);
        await assert.rejects(one.consume(request), (error) => isLimitReachedError(error) && error.current === 2);
        await assert.rejects(one.reserve(request), isLimitReachedError);
      });
      assert.equal(await current(world, "quota:credit"), 2);
    },
  },
  {
    name: "L5: an enforcement inside another's function joins it by its tx, on the same connection",
    async run(world) {
      const { one, host, orgId } = world;
      await one.setLimit({ orgId, resourceType: "quota:credit", limit: 1 });
      const made = (): Promise<void> =>
        one.enforce({ orgId, resourceType: "quota:item" }, async (tx) => {
          await host.insert(tx, orgId);
          await one.consume({ orgId, resourceType: "quota:credit", tx });
        });
      await made();
      await assert.rejects(made(), (error) => isLimitReachedError(error) && error.resourceType === "quota:credit");
      assert.deepEqual([await host.count(orgId), await current(world, "quota:credit")], [1, 1]);
    },
  },
  {
    name: "L5: whatever is called inside a function with its tx, no second connection is taken",
    async run(world) {
      const { one, host, orgId, connections } = world;
      await one.setLimit({ orgId, resourceType: "quota:token", limit: 0 });
      await one.enforce({ orgId, resourceType: "quota:item" }, async (tx) => {
        const before = connections();
        await host.insert(tx, orgId);
        await one.enforce({ orgId, resourceType: "quota:item", tx }, (inner) => host.insert(inner, orgId));
        await one.consume({ orgId, claims: { "quota:credit": 2, "quota:item": 0 }, tx });
        await one.check({ orgId, resourceType: "quota:item", tx });
        assert.deepEqual(
          (await one.usage({ orgId, tx })).map((line) => line.current),
          [2, 2, 0, 0],
        );
        await one.setLimit({ orgId, resourceType: "quota:credit", limit: 5, tx });
        assert.equal((await one.limits({ orgId, tx })).length, 2);
        await one.resolveEntitlement({ orgId, resourceType: "quota:credit", tx });
        await one.clearLimit({ orgId, resourceType: "quota:credit", tx });
        await assert.rejects(one.consume({ orgId, resourceType: "quota:token", tx }), isLimitReachedError);
        await one.forget({ orgId, tx });
        assert.equal(connections(), before);
      });
    },
  },
  {
    name: "L1: the lock taken in a caller's transaction is held until the caller commits",
    async run(world) {
      const { one, host, orgId } = world;
      await one.setLimit({ orgId, resourceType: "quota:item", limit: 1 });
      const { reached, pass, open } = door();
      const caller = inBackground(
        host.transaction(async (tx) => {
          await one.enforce({ orgId, resourceType: "quota:item", tx }, (inner) => host.insert(inner, orgId));
          await pass();
        }),
      );
      await reached;
      const second = create(world, 1);
      await assertWaits(second);
      open();
      await caller;
      await assert.rejects(second, isLimitReachedError);
      assert.equal(await host.count(orgId), 1);
    },
  },
  {
    name: "two enforcements at once in one transaction are refused: undoing one would undo the other",
    async run(world) {
      const { one, host, orgId } = world;
      await host.transaction(async (tx) => {
        const { reached, pass, open } = door();
        const first = inBackground(
          one.enforce({ orgId, resourceType: "quota:item", tx }, async (inner) => {
            await host.insert(inner, orgId);
            await pass();
          }),
        );
        await reached;
        await assert.rejects(one.consume({ orgId, resourceType: "quota:credit", tx }), isConfigurationError);
        open();
        await first;
      });
      assert.deepEqual([await host.count(orgId), await current(world, "quota:credit")], [1, 0]);
    },
  },
];
