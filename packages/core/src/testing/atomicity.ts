import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { isConfigurationError, isLimitReachedError, isLockTimeoutError } from "../errors.ts";
import { current } from "./counters.ts";
import type { Case, World } from "./harness.ts";
import { create, door, inBackground, race, tick } from "./race.ts";

/** Claims a unit of each kind and writes, then fails as told. */
function fail<Tx>({ one, host, orgId }: World<Tx>, failing: () => unknown): Promise<unknown> {
  return one.enforce({ orgId, claims: { "quota:item": 1, "quota:credit": 1 } }, async (tx) => {
    await host.insert(tx, orgId);
    await tick();
    return failing();
  });
}

export const atomicity: readonly Case[] = [
  {
    name: "L6: a function that throws after writing leaves no row, no claim and no lock, and its error comes out as it is",
    async run(world) {
      const { one, host, orgId } = world;
      await one.setLimit({ orgId, resourceType: "quota:item", limit: 1 });
      const reason = new Error("the mail server is down");
      await assert.rejects(
        fail(world, () => {
          throw reason;
        }),
        (error) => error === reason,
      );
      assert.deepEqual([await host.count(orgId), await current(world, "quota:credit")], [0, 0]);
      await create(world);
      await assert.rejects(create(world), isLimitReachedError);
    },
  },
  {
    name: "L6: half of twenty functions throw after writing: the units come to those that do not",
    async run(world) {
      const { one, host, orgId, either } = world;
      await one.setLimit({ orgId, resourceType: "quota:item", limit: 5 });
      const thrown = new Error("half way");
      const outcomes = await race(20, (index) =>
        either(index)
          .enforce({ orgId, resourceType: "quota:item" }, async (tx) => {
            await host.insert(tx, orgId);
            await tick();
            if (index < 10) throw thrown;
            return "made";
          })
          .catch((error: unknown) => {
            if (error === thrown) return "thrown";
            throw error;
          }),
      );
      assert.equal(outcomes.granted.filter((outcome) => outcome === "made").length, 5);
      assert.equal(await host.count(orgId), 5);
    },
  },
  {
    name: "L6: a denied claim has not run the function and has written nothing",
    async run(world) {
      const { one, orgId } = world;
      await one.setLimit({ orgId, resourceType: "quota:item", limit: 0 });
      let ran = false;
      await assert.rejects(
        fail(world, () => {
          ran = true;
        }),
        isLimitReachedError,
      );
      assert.equal(ran, false);
      assert.equal(await current(world, "quota:credit"), 0);
    },
  },
  {
    name: "L6: what `when` has written is undone with the refusal, in the caller's transaction that alone",
    async run(world) {
      const { one, host, orgId } = world;
      await one.setLimit({ orgId, resourceType: "quota:credit", limit: 0 });
      const refused = (tx: Parameters<typeof host.insert>[0] | undefined): Promise<void> =>
        assert.rejects(
          one.enforce(
            {
              ...{ orgId, resourceType: "quota:credit", tx },
              when: async (inner) => {
                await host.insert(inner, orgId);
                return true;
              },
            },
            () => {},
          ),
          isLimitReachedError,
        );
      await refused(undefined);
      await host.transaction(async (tx) => {
        await host.insert(tx, orgId);
        await refused(tx);
      });
      assert.equal(await host.count(orgId), 1);
    },
  },
  {
    name: "L8: a function that never settles is rolled back: others time out meanwhile, then the lock is free and nothing it does later is kept",
    async run(world) {
      const { host, orgId } = world;
      const { reached, pass, open } = door();
      const patient = world.with({ transactionTimeoutMs: 400 });
      const stuck = inBackground(
        patient.enforce({ orgId, claims: { "quota:item": 1, "quota:credit": 1 } }, async (tx) => {
          await host.insert(tx, orgId);
          await pass();
          // By now the transaction has been taken away: this must fail or vanish, never reach the storage.
          await host.insert(tx, orgId);
        }),
      );
      const ended = assert.rejects(stuck, (error) => isLockTimeoutError(error) && error.phase === "hold");
      await reached;
      await assert.rejects(world.with({ lockTimeoutMs: 50 }).consume({ orgId, resourceType: "quota:item" }), (error) =>
        isLockTimeoutError(error),
      );
      await ended;
      await create(world);
      open();
      await sleep(20);
      await create(world);
      assert.deepEqual([await host.count(orgId), await current(world, "quota:credit")], [2, 0]);
    },
  },
  {
    name: "L6: a running function is rolled back when its signal is aborted",
    async run(world) {
      const { one, host, orgId } = world;
      const { reached, pass } = door();
      const leaving = new AbortController();
      const running = inBackground(
        one.enforce({ orgId, resourceType: "quota:item", signal: leaving.signal }, async (tx) => {
          await host.insert(tx, orgId);
          await pass();
        }),
      );
      await reached;
      const reason = new Error("the client went away");
      leaving.abort(reason);
      await assert.rejects(running, (error) => error === reason);
      assert.equal(await host.count(orgId), 0);
      await create(world);
      assert.equal(await host.count(orgId), 1);
    },
  },
  {
    name: "L5: an enforcement inside another's function without its tx is refused instead of waiting for itself",
    async run(world) {
      const { one, host, orgId } = world;
      await assert.rejects(
        one.enforce({ orgId, resourceType: "quota:item" }, async (tx) => {
          await host.insert(tx, orgId);
          await one.consume({ orgId, resourceType: "quota:credit" });
        }),
        (error) => isConfigurationError(error) && /`tx`/.test(error.message),
      );
      assert.equal(await host.count(orgId), 0);
    },
  },
];
