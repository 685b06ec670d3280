import assert from "node:assert/strict";
import {
  isLimitReachedError,
  isReservationConflictError,
  isReservationExpiredError,
  type LimitReachedError,
} from "../errors.ts";
import { current } from "./counters.ts";
import type { Case, World } from "./harness.ts";
import { assertWaits, create, door, inBackground, race, tick } from "./race.ts";

const credit = "quota:credit" as const;
const item = "quota:item" as const;

async function reserved<Tx>({ one, orgId }: World<Tx>, resourceType: string): Promise<number | undefined> {
  return (await one.usage({ orgId })).find((line) => line.resourceType === resourceType)?.reserved;
}

/** Claims, or tells why not, instead of throwing what is expected here. */
function outcome(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "passed",
    (error: unknown) => {
      if (isReservationExpiredError(error)) return "expired";
      if (isReservationConflictError(error)) return "conflict";
      throw error;
    },
  );
}

export const reservations: readonly Case[] = [
  {
    name: "L1: the last unit is reserved by 20: one gets it, and it counts for everybody until it is released",
    async run(world) {
      const { one, either, orgId } = world;
      await one.setLimit({ orgId, resourceType: item, limit: 1 });
      const { granted, refused } = await race(20, (index) => either(index).reserve({ orgId, resourceType: item }));
      assert.deepEqual([granted.length, refused], [1, 19]);
      await assert.rejects(create(world), isLimitReachedError);
      assert.deepEqual([await current(world, item), await reserved(world, item)], [1, 1]);
      await one.release({ orgId, id: granted[0]?.id ?? "" });
      await create(world);
      assert.deepEqual([await current(world, item), await reserved(world, item)], [1, 0]);
    },
  },
  {
    name: "20 holds turning into writes over 5 free units: exactly 5 are made, and no moment shows more",
    async run(world) {
      const { one, either, host, orgId } = world;
      await one.setLimit({ orgId, resourceType: item, limit: 5 });
      const { granted, refused } = await race(20, async (index) => {
        const { id } = await either(index).reserve({ orgId, resourceType: item });
        await tick();
        await either(index + 1).confirm({ orgId, id }, async (tx) => {
          await host.insert(tx, orgId);
          await tick();
        });
        assert.ok((await current(world, item)) <= 5);
      });
      assert.deepEqual([granted.length, refused, await host.count(orgId)], [5, 15, 5]);
      assert.deepEqual([await current(world, item), await reserved(world, item)], [5, 0]);
    },
  },
  {
    name: "a counter takes over what was held, and the kept count never falls below it",
    async run(world) {
      const { one, orgId } = world;
      await one.setLimit({ orgId, resourceType: credit, limit: 5 });
      const { id, amount } = await one.reserve({ orgId, resourceType: credit, amount: 3 });
      assert.deepEqual([amount, await current(world, credit), await reserved(world, credit)], [3, 3, 3]);
      await assert.rejects(one.consume({ orgId, resourceType: credit, amount: 3 }), isLimitReachedError);
      assert.equal(await one.confirm({ orgId, id }), undefined);
      assert.deepEqual([await current(world, credit), await reserved(world, credit)], [3, 0]);
      await one.consume({ orgId, resourceType: credit, amount: 2 });
    },
  },
  {
    name: "a reservation is confirmed once: of 20 who try one passes, and a late one is told that it has expired",
    async run(world) {
      const { one, either, host, orgId } = world;
      await one.reserve({ orgId, resourceType: item, key: "job" });
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          outcome(either(index).confirm({ orgId, key: "job" }, (tx) => host.insert(tx, orgId))),
        ),
      );
      assert.equal(outcomes.filter((one) => one === "passed").length, 1);
      assert.equal(outcomes.filter((one) => one === "expired").length, 19);
      assert.equal(await host.count(orgId), 1);
    },
  },
  {
    name: "released twice, or after it was confirmed, gives nothing back a second time",
    async run(world) {
      const { one, two, orgId } = world;
      await one.setLimit({ orgId, resourceType: credit, limit: 2 });
      const { id } = await one.reserve({ orgId, resourceType: credit });
      await Promise.all([one.release({ orgId, id }), two.release({ orgId, id })]);
      await one.release({ orgId, id });
      assert.equal(await outcome(one.confirm({ orgId, id })), "expired");
      const second = await one.reserve({ orgId, resourceType: credit, key: "k" });
      await one.confirm({ orgId, key: "k" });
      await two.release({ orgId, id: second.id });
      await two.release({ orgId, key: "k" });
      assert.equal(await current(world, credit), 1);
    },
  },
  {
    name: "what is released is what was held, and nothing that was taken before",
    async run(world) {
      const { one, two, orgId } = world;
      await one.consume({ orgId, resourceType: credit, amount: 3 });
      const { id } = await one.reserve({ orgId, resourceType: credit, amount: 2 });
      assert.deepEqual([await current(world, credit), await reserved(world, credit)], [5, 2]);
      await two.release({ orgId, id });
      assert.deepEqual([await current(world, credit), await reserved(world, credit)], [3, 0]);
    },
  },
  {
    name: "a hold that nobody confirms gives its units back by itself, and cannot be confirmed any more",
    async run({ with: start, host, orgId }) {
      let now = new Date("2030-01-01T00:00:00.000Z");
      const timed = start({ clock: () => now, reservationTtlMs: 1_000 });
      await timed.setLimit({ orgId, resourceType: item, limit: 1 });
      const { id, expiresAt } = await timed.reserve({ orgId, resourceType: item, key: "k" });
      assert.equal(expiresAt, "2030-01-01T00:00:01.000Z");
      now = new Date("2030-01-01T00:00:00.999Z");
      await assert.rejects(timed.reserve({ orgId, resourceType: item }), isLimitReachedError);
      now = new Date("2030-01-01T00:00:01.000Z");
      assert.deepEqual((await timed.usage({ orgId })).map((line) => [line.current, line.reserved]).slice(0, 1), [
        [0, 0],
      ]);
      let ran = false;
      const late = timed.confirm({ orgId, id }, async (tx) => {
        ran = true;
        await host.insert(tx, orgId);
      });
      assert.deepEqual([await outcome(late), ran], ["expired", false]);
      const again = await timed.reserve({ orgId, resourceType: item, key: "k", ttlMs: 5_000 });
      assert.equal(again.expiresAt, "2030-01-01T00:00:06.000Z");
      await timed.confirm({ orgId, key: "k" }, (tx) => host.insert(tx, orgId));
      assert.equal(await host.count(orgId), 1);
    },
  },
  {
    name: "confirming in time always passes, also where the limit was lowered meanwhile: it was promised",
    async run(world) {
      const { one, host, orgId } = world;
      await one.setLimit({ orgId, resourceType: item, limit: 2 });
      const { id } = await one.reserve({ orgId, resourceType: item });
      await one.setLimit({ orgId, resourceType: item, limit: 0 });
      await one.confirm({ orgId, id }, (tx) => host.insert(tx, orgId));
      assert.equal(await host.count(orgId), 1);
      await assert.rejects(one.reserve({ orgId, resourceType: item }), isLimitReachedError);
    },
  },
  {
    name: "a key is held by one at a time, in one organisation; the other is told when to come back",
    async run({ one, either, orgId }) {
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          outcome(either(index).reserve({ orgId, resourceType: item, key: "k", ttlMs: 90_000 })),
        ),
      );
      assert.deepEqual(outcomes.toSorted(), [...Array(9).fill("conflict"), "passed"]);
      await assert.rejects(
        one.reserve({ orgId, resourceType: credit, key: "k" }),
        (error) => isReservationConflictError(error) && error.retryAfterSeconds > 60 && error.retryAfterSeconds <= 90,
      );
      await one.reserve({ orgId: "org_2", resourceType: item, key: "k" });
      await one.release({ orgId, key: "k" });
      await one.reserve({ orgId, resourceType: credit, key: "k" });
    },
  },
  {
    name: "L6: a confirming function that throws is undone, and the hold stays to be confirmed again",
    async run(world) {
      const { one, host, orgId } = world;
      const { id } = await one.reserve({ orgId, resourceType: item });
      const reason = new Error("no");
      const failing = one.confirm({ orgId, id }, async (tx) => {
        await host.insert(tx, orgId);
        await tick();
        throw reason;
      });
      await assert.rejects(failing, (error) => error === reason);
      assert.deepEqual([await host.count(orgId), await reserved(world, item)], [0, 1]);
      assert.equal(await one.confirm({ orgId, id }, () => "made"), "made");
    },
  },
  {
    name: "a hold that its own confirming function has ended is not confirmed a second time: all of it is undone",
    async run<Tx>(world: World<Tx>) {
      const { one, orgId } = world;
      const { id } = await one.reserve({ orgId, resourceType: credit, amount: 2 });
      for (const end of [(tx: Tx) => one.confirm({ orgId, id, tx }), (tx: Tx) => one.release({ orgId, id, tx })]) {
        assert.equal(await outcome(one.confirm({ orgId, id }, end)), "expired");
        assert.deepEqual([await current(world, credit), await reserved(world, credit)], [2, 2]);
      }
      await one.confirm({ orgId, id });
      assert.deepEqual([await current(world, credit), await reserved(world, credit)], [2, 0]);
    },
  },
  {
    name: "L1: whoever claims waits for the one who confirms, so that no unit is free between hold and write",
    async run(world) {
      const { one, host, orgId } = world;
      await one.setLimit({ orgId, resourceType: item, limit: 1 });
      const { id } = await one.reserve({ orgId, resourceType: item });
      const { reached, pass, open } = door();
      const confirming = inBackground(
        one.confirm({ orgId, id }, async (tx) => {
          await host.insert(tx, orgId);
          await pass();
        }),
      );
      await reached;
      const second = create(world, 1);
      await assertWaits(second);
      open();
      await confirming;
      await assert.rejects(second, (error: LimitReachedError) => isLimitReachedError(error) && error.current === 1);
    },
  },
  {
    name: "L11: holds made, confirmed and released in the caller's transaction are undone with it",
    async run(world) {
      const { one, host, orgId } = world;
      const kept = await one.reserve({ orgId, resourceType: credit, key: "kept" });
      const gone = await one.reserve({ orgId, resourceType: credit, key: "gone" });
      const undo = new Error("undo");
      const rolledBack = host.transaction(async (tx) => {
        await one.reserve({ orgId, resourceType: credit, amount: 5, key: "new", tx });
        await one.confirm({ orgId, id: kept.id, tx });
        await one.release({ orgId, key: "gone", tx });
        assert.equal((await one.check({ orgId, resourceType: credit, tx })).current, 6);
        throw undo;
      });
      await assert.rejects(rolledBack, (error) => error === undo);
      assert.deepEqual([await current(world, credit), await reserved(world, credit)], [2, 2]);
      await one.confirm({ orgId, key: "kept" });
      await one.confirm({ orgId, id: gone.id });
      assert.deepEqual([await current(world, credit), await reserved(world, credit)], [2, 0]);
    },
  },
  {
    name: "a key that passes to another resource type in one transaction is held at every moment: who confirms it meanwhile confirms it",
    async run(world) {
      const { one, two, host, orgId } = world;
      await one.reserve({ orgId, resourceType: item, key: "k" });
      const { reached, pass, open } = door();
      const passing = inBackground(
        host.transaction(async (tx) => {
          await one.release({ orgId, key: "k", tx });
          await one.reserve({ orgId, resourceType: credit, key: "k", tx });
          await pass();
        }),
      );
      await Promise.race([reached, passing]);
      const confirming = two.confirm({ orgId, key: "k" }, () => "confirmed");
      await assertWaits(confirming);
      open();
      await passing;
      assert.equal(await confirming, "confirmed");
      assert.deepEqual([await current(world, credit), await reserved(world, credit)], [1, 0]);
    },
  },
  {
    name: "a forgotten organisation holds nothing any more",
    async run(world) {
      const { one, orgId } = world;
      await one.reserve({ orgId, resourceType: credit, key: "k" });
      await one.forget({ orgId });
      assert.equal(await current(world, credit), 0);
      await one.reserve({ orgId, resourceType: credit, key: "k" });
    },
  },
];
