import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { isLimitReachedError } from "../errors.ts";
import type { Case, World } from "./harness.ts";
import { race, tick } from "./race.ts";

const resourceType = "seat:person" as const;

type People<Tx> = NonNullable<World<Tx>["people"]>;

async function usage<Tx>({ one }: People<Tx>, orgId: string): Promise<readonly unknown[]> {
  return (await one.usage({ orgId })).flatMap(({ current, reserved }) => [current, reserved]);
}

/** Invites a person under enforcement: the invitation holds the seat. */
function invite<Tx>({ one, invite: write }: People<Tx>, orgId: string, name: string): Promise<void> {
  return one.enforce({ orgId, resourceType }, async (tx) => write(tx, orgId, name));
}

/** Cases about rows with a key and further rows that are only pending. */
function about(name: string, run: <Tx>(people: People<Tx>, world: World<Tx>) => Promise<void>): Case {
  return {
    name,
    async run(world) {
      assert.ok(world.people !== undefined, "people are tested although nothing says how they are counted");
      await run(world.people, world);
    },
  };
}

export const people: readonly Case[] = [
  about("open invitations count and are shown as reserved", async (people, { orgId }) => {
    await people.one.setLimit({ orgId, resourceType, limit: 2 });
    await invite(people, orgId, "ann");
    await people.one.enforce({ orgId, resourceType }, async (tx) => people.join(tx, orgId, "bob"));
    assert.deepEqual(await usage(people, orgId), [2, 1]);
    await assert.rejects(invite(people, orgId, "cid"), isLimitReachedError);
  }),
  about("rows with the same key count once", async (people, { orgId, host }) => {
    await host.transaction(async (tx) => {
      for (const name of ["ann", "ann", "bob"]) await people.join(tx, orgId, name);
      for (const name of ["cid", "cid"]) await people.invite(tx, orgId, name);
    });
    assert.deepEqual(await usage(people, orgId), [3, 1]);
  }),
  about(
    "inviting somebody who is invited already is neutral, also when all seats are taken",
    async (people, { orgId }) => {
      await people.one.setLimit({ orgId, resourceType, limit: 1 });
      await invite(people, orgId, "ann");
      const again = await people.two.reserve({ orgId, resourceType, key: "invitation:ann" });
      assert.deepEqual(await usage(people, orgId), [1, 1]);
      await assert.rejects(people.one.reserve({ orgId, resourceType, key: "invitation:bob" }), isLimitReachedError);
      await people.one.release({ orgId, id: again.id });
      assert.deepEqual(await usage(people, orgId), [1, 1]);
    },
  ),
  about(
    "accepting takes up the invitation's seat at exactly full, and is counted once at every step",
    async (people, { orgId, host }) => {
      await people.one.setLimit({ orgId, resourceType, limit: 1 });
      await invite(people, orgId, "ann");
      const step = async (): Promise<void> => assert.deepEqual((await usage(people, orgId))[0], 1);
      const request = { orgId, resourceType, key: "member:ann", covers: ["invitation:ann"] } as const;
      const { id } = await people.two.reserve(request);
      await step();
      await host.transaction(async (tx) => people.join(tx, orgId, "ann"));
      await step();
      await host.transaction(async (tx) => people.uninvite(tx, orgId, "ann"));
      await step();
      await people.one.release({ orgId, id });
      assert.deepEqual(await usage(people, orgId), [1, 0]);
    },
  ),
  about("rows come back into the count when the hold that took their place has expired", async (people, { orgId }) => {
    for (const name of ["ann", "bob"]) await invite(people, orgId, name);
    const request = { orgId, resourceType, key: "member:ann", covers: ["invitation:ann", "invitation:bob"] } as const;
    await people.one.reserve({ ...request, ttlMs: 1_000 });
    assert.deepEqual(await usage(people, orgId), [2, 2]);
    await people.one.enforce({ orgId, resourceType }, async (tx) => people.uninvite(tx, orgId, "bob"));
    assert.deepEqual(await usage(people, orgId), [2, 2]);
    await sleep(1_050);
    assert.deepEqual(await usage(people, orgId), [1, 1]);
  }),
  about(
    "a hold frees nothing: while it stands in for many rows it counts for as many, and when it ends nothing is over",
    async (people, { orgId }) => {
      const names = ["ann", "bob", "cid"];
      for (const name of names) await invite(people, orgId, name);
      await people.one.enforce({ orgId, resourceType }, async (tx) => people.join(tx, orgId, "ann"));
      await people.one.setLimit({ orgId, resourceType, limit: 4 });
      const covers = names.map((name) => `invitation:${name}`);
      const { id } = await people.one.reserve({ orgId, resourceType, key: "member:ann", covers });
      assert.equal((await usage(people, orgId))[0], 4);
      await assert.rejects(invite(people, orgId, "dan"), isLimitReachedError);
      await people.one.release({ orgId, id });
      assert.deepEqual(await usage(people, orgId), [4, 3]);
    },
  ),
  about(
    "rows that come after a hold count beside it, but for the one that it was made for",
    async (people, { orgId }) => {
      await people.one.setLimit({ orgId, resourceType, limit: 3 });
      const covers = ["invitation:ann", "invitation:bob", "invitation:cid"];
      const { id } = await people.one.reserve({ orgId, resourceType, key: "member:ann", covers });
      await invite(people, orgId, "bob");
      await invite(people, orgId, "cid");
      await assert.rejects(invite(people, orgId, "dan"), isLimitReachedError);
      await people.one.confirm({ orgId, id }, async (tx) => people.join(tx, orgId, "ann"));
      assert.deepEqual(await usage(people, orgId), [3, 2]);
    },
  ),
  about(
    "accepting is refused once the limit was lowered below what is taken and promised",
    async (people, { orgId }) => {
      await invite(people, orgId, "ann");
      await people.one.enforce({ orgId, resourceType }, async (tx) => people.join(tx, orgId, "bob"));
      await people.one.setLimit({ orgId, resourceType, limit: 1 });
      await assert.rejects(
        people.one.reserve({ orgId, resourceType, key: "member:ann", covers: ["invitation:ann"] }),
        (error) => isLimitReachedError(error) && error.current === 2 && error.limit === 1,
      );
      // A member who is one already is nobody new.
      await people.one.reserve({ orgId, resourceType, key: "member:bob" });
    },
  ),
  about(
    "after the limit was lowered below what is promised, invitations are accepted while members fit, first come first served",
    async (people, { orgId }) => {
      for (const name of ["ann", "bob", "cid"]) await invite(people, orgId, name);
      await people.one.enforce({ orgId, resourceType }, async (tx) => people.join(tx, orgId, "dan"));
      await people.one.setLimit({ orgId, resourceType, limit: 2 });
      await assert.rejects(invite(people, orgId, "eve"), isLimitReachedError);
      const names = ["ann", "bob", "cid"];
      const { granted, refused } = await race(3, (index) =>
        (index % 2 === 0 ? people.one : people.two).reserve({
          ...{ orgId, resourceType, key: `member:${names[index]}`, covers: [`invitation:${names[index]}`] },
        }),
      );
      assert.deepEqual([granted.length, refused, await usage(people, orgId)], [1, 2, [4, 3]]);
    },
  ),
  about("an invitation that is being accepted by one is no seat for another to take up", async (people, { orgId }) => {
    await people.one.setLimit({ orgId, resourceType, limit: 1 });
    await invite(people, orgId, "ann");
    const accept = (index: number) =>
      (index % 2 === 0 ? people.one : people.two).reserve({
        orgId,
        resourceType,
        key: `member:${index}`,
        covers: ["invitation:ann"],
      });
    const { granted, refused } = await race(10, accept);
    assert.deepEqual([granted.length, refused], [1, 9]);
    assert.deepEqual(await usage(people, orgId), [1, 1]);
  }),
  about(
    "20 holds turning into rows of the host's own over 5 free seats: exactly 5, never counted twice",
    async (people, { orgId, host }) => {
      await people.one.setLimit({ orgId, resourceType, limit: 5 });
      const { granted, refused } = await race(20, async (index) => {
        const either = index % 2 === 0 ? people.one : people.two;
        const { id } = await either.reserve({ orgId, resourceType, key: `member:p${index}` });
        for (let delay = 0; delay < index % 4; delay++) await tick();
        await host.transaction(async (tx) => people.join(tx, orgId, `p${index}`));
        for (let delay = 0; delay < index % 3; delay++) await tick();
        assert.ok(Number((await usage(people, orgId))[0]) <= 5);
        await either.release({ orgId, id });
      });
      assert.deepEqual([granted.length, refused, await people.members(orgId)], [5, 15, 5]);
      assert.deepEqual(await usage(people, orgId), [5, 0]);
    },
  ),
];
