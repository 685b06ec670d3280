import assert from "node:assert/strict";
import { isFeatureDisabledError, isLimitReachedError } from "../errors.ts";
import { current } from "./counters.ts";
import type { Case } from "./harness.ts";
import { create, inBackground, race } from "./race.ts";

export const limits: readonly Case[] = [
  {
    name: "without a limit nothing is limited, and null lifts a limit again",
    async run(world) {
      const { one, host, orgId } = world;
      await create(world);
      assert.deepEqual(await one.resolveEntitlement({ orgId, resourceType: "quota:item" }), {
        limit: null,
        source: "none",
      });
      await one.setLimit({ orgId, resourceType: "quota:item", limit: 1 });
      await assert.rejects(create(world), isLimitReachedError);
      await one.setLimit({ orgId, resourceType: "quota:item", limit: null });
      await create(world);
      assert.deepEqual(await one.resolveEntitlement({ orgId, resourceType: "quota:item" }), {
        limit: null,
        source: "override",
      });
      assert.equal(await host.count(orgId), 2);
    },
  },
  {
    name: "a limit of 0 blocks, and taking it away opens again",
    async run(world) {
      const { one, orgId } = world;
      await one.setLimit({ orgId, resourceType: "quota:item", limit: 0 });
      await assert.rejects(
        create(world),
        (error) => isLimitReachedError(error) && error.limit === 0 && error.current === 0,
      );
      await one.clearLimit({ orgId, resourceType: "quota:item" });
      await create(world);
    },
  },
  {
    name: "above a lowered limit growth is refused, shrinking and neutral changes pass, and it is listed as over",
    async run(world) {
      const { one, host, orgId } = world;
      for (let made = 0; made < 3; made++) await create(world);
      await one.setLimit({ orgId, resourceType: "quota:item", limit: 1, reason: "downgrade", actor: "ops" });
      await assert.rejects(
        create(world),
        (error) => isLimitReachedError(error) && error.current === 3 && error.limit === 1,
      );
      await one.enforce({ orgId, claims: { "quota:item": 0 } }, () => {});
      await one.enforce({ orgId, claims: { "quota:item": -1 } }, (tx) => host.remove(tx, orgId));
      assert.equal(await host.count(orgId), 2);
      const { organisations, cursor } = await one.overLimit();
      assert.deepEqual(
        organisations.map((over) => [
          over.orgId,
          over.entitlements.map(({ resourceType, status }) => [resourceType, status]),
        ]),
        [[orgId, [["quota:item", "over"]]]],
      );
      assert.equal(cursor, null);
    },
  },
  {
    name: "a limit lowered, lifted and set again while claims are in flight never lets one past the limit it saw",
    async run(world) {
      const { two, host, orgId, either } = world;
      const change = async (): Promise<void> => {
        for (const limit of [6, 2, null, 8, 3, null, 10])
          await two.setLimit({ orgId, resourceType: "quota:item", limit });
      };
      const changing = inBackground(change());
      const { granted } = await race(60, (index) =>
        either(index).enforce({ orgId, resourceType: "quota:item" }, async (tx, grant) => {
          await host.insert(tx, orgId);
          return grant.claims[0];
        }),
      );
      await changing;
      for (const claim of granted)
        assert.ok(
          claim !== undefined && (claim.limit === null || claim.current + 1 <= claim.limit),
          JSON.stringify(claim),
        );
      // Claims on what is unlimited may share the lock, and then see the same count.
      const limited = granted.filter((claim) => claim?.limit !== null).map((claim) => claim?.current);
      assert.equal(new Set(limited).size, limited.length, "each grant saw all that were granted before it");
      assert.equal(await host.count(orgId), granted.length);
    },
  },
  {
    name: "a limit that has expired no longer holds",
    async run({ with: start, orgId }) {
      let now = new Date("2030-01-01T00:00:00Z");
      const timed = start({ clock: () => now });
      await timed.setLimit({
        orgId,
        resourceType: "quota:credit",
        limit: 0,
        expiresAt: new Date("2030-01-02T00:00:00Z"),
      });
      await assert.rejects(timed.consume({ orgId, resourceType: "quota:credit" }), isLimitReachedError);
      assert.equal((await timed.limits({ orgId }))[0]?.expiresAt, "2030-01-02T00:00:00.000Z");
      now = new Date("2030-01-02T00:00:00Z");
      await timed.consume({ orgId, resourceType: "quota:credit" });
      assert.deepEqual(await timed.limits({ orgId }), []);
      assert.deepEqual((await timed.overLimit()).organisations, []);
    },
  },
  {
    name: "taking a limit away, and setting one, leave the kept count as it is",
    async run(world) {
      const { one, orgId } = world;
      await one.consume({ orgId, resourceType: "quota:credit", amount: 2 });
      await one.setLimit({ orgId, resourceType: "quota:credit", limit: 5 });
      assert.equal(await current(world, "quota:credit"), 2);
      await one.clearLimit({ orgId, resourceType: "quota:credit" });
      assert.equal(await current(world, "quota:credit"), 2);
      assert.deepEqual(await one.limits({ orgId }), []);
    },
  },
  {
    name: "a limit says when it was set, by the time of the call, however much is counted since",
    async run({ with: start, orgId }) {
      let now = new Date("2030-01-01T00:00:00.250Z");
      const timed = start({ clock: () => now });
      await timed.setLimit({ orgId, resourceType: "quota:credit", limit: 1 });
      assert.equal((await timed.limits({ orgId }))[0]?.updatedAt, "2030-01-01T00:00:00.250Z");
      now = new Date("2031-01-01T00:00:00.500Z");
      await timed.setLimit({ orgId, resourceType: "quota:credit", limit: 2 });
      assert.equal((await timed.limits({ orgId }))[0]?.updatedAt, "2031-01-01T00:00:00.500Z");
      now = new Date("2032-01-01T00:00:00Z");
      await timed.consume({ orgId, resourceType: "quota:credit" });
      assert.equal((await timed.limits({ orgId }))[0]?.updatedAt, "2031-01-01T00:00:00.500Z");
    },
  },
  {
    name: "a limit that would have ended already is refused by the time of the storage, and the one before it stays",
    async run({ with: start, orgId }) {
      const now = new Date("2030-01-01T00:00:00Z");
      const timed = start({ clock: () => now });
      await timed.setLimit({ orgId, resourceType: "quota:credit", limit: 1 });
      await assert.rejects(timed.setLimit({ orgId, resourceType: "quota:credit", limit: 9, expiresAt: now }), {
        code: "ENTITLEMENT_INVALID_REQUEST",
        field: "expiresAt",
      });
      assert.equal((await timed.limits({ orgId }))[0]?.limit, 1);
    },
  },
  {
    name: "migrating again changes nothing, also while others write",
    async run(world) {
      const { one, two, orgId } = world;
      await one.setLimit({ orgId, resourceType: "quota:credit", limit: 30 });
      const writing = inBackground(race(20, () => one.consume({ orgId, resourceType: "quota:credit" })));
      await two.migrate();
      await one.migrate();
      await writing;
      assert.deepEqual([(await one.limits({ orgId }))[0]?.limit, await current(world, "quota:credit")], [30, 20]);
    },
  },
  {
    name: "limits are kept with their reason and actor, exact up to 2^53 - 1",
    async run({ one, two, orgId }) {
      await one.setLimit({
        orgId,
        resourceType: "quota:token",
        limit: Number.MAX_SAFE_INTEGER,
        reason: "contract ’24 — “gold”",
        actor: "Zoë",
      });
      const [limit, ...others] = await two.limits({ orgId });
      assert.deepEqual(others, []);
      assert.deepEqual(
        [limit?.resourceType, limit?.limit, limit?.reason, limit?.actor, limit?.expiresAt],
        ["quota:token", Number.MAX_SAFE_INTEGER, "contract ’24 — “gold”", "Zoë", null],
      );
    },
  },
  {
    name: "a feature is on unless it is switched off",
    async run({ one, orgId }) {
      await one.consume({ orgId, resourceType: "feature:switch" });
      await one.setLimit({ orgId, resourceType: "feature:switch", limit: 0 });
      await assert.rejects(one.consume({ orgId, resourceType: "feature:switch" }), isFeatureDisabledError);
      await one.setLimit({ orgId, resourceType: "feature:switch", limit: 1 });
      await one.consume({ orgId, resourceType: "feature:switch" });
    },
  },
  {
    name: "organisations above a limit are listed page by page, each once, no more than asked for",
    async run({ one }) {
      const names = ["org_a", "org_b", "org_c", "org_d", "org_e"];
      for (const orgId of names) {
        await one.consume({ orgId, resourceType: "quota:credit", amount: 3 });
        await one.setLimit({ orgId, resourceType: "quota:credit", limit: orgId === "org_c" ? 3 : 2 });
      }
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof one.overLimit>> = await one.overLimit({ pageSize: 2, cursor });
        assert.ok(page.organisations.length <= 2);
        seen.push(...page.organisations.map(({ orgId }) => orgId));
        cursor = page.cursor;
      } while (cursor !== null);
      assert.deepEqual(seen, ["org_a", "org_b", "org_d", "org_e"]);
    },
  },
  {
    name: "a forgotten organisation leaves no limit and no count behind, and others keep theirs",
    async run(world) {
      const { one, orgId } = world;
      for (const id of [orgId, "org_other"]) {
        await one.setLimit({ orgId: id, resourceType: "quota:credit", limit: 5 });
        await one.consume({ orgId: id, resourceType: "quota:credit", amount: 2 });
      }
      await one.forget({ orgId });
      assert.deepEqual([await one.limits({ orgId }), await current(world, "quota:credit")], [[], 0]);
      assert.deepEqual(
        [(await one.limits({ orgId: "org_other" })).length, await current({ one, orgId: "org_other" }, "quota:credit")],
        [1, 2],
      );
    },
  },
  {
    name: "an organisation id is taken literally, whatever stands in it",
    async run({ one }) {
      const ids = [
        "'; drop table org_entitlement; --",
        '"quoted"',
        "100%",
        "a_b",
        "aXb",
        "ünïcödé 組織",
        "ORG",
        "org",
        " org",
      ];
      for (const [index, orgId] of ids.entries()) {
        await one.setLimit({ orgId, resourceType: "quota:credit", limit: index + 1 });
        await one.consume({ orgId, resourceType: "quota:credit", amount: index + 1 });
      }
      for (const [index, orgId] of ids.entries()) {
        const { limit, current: count } = await one.check({ orgId, resourceType: "quota:credit" });
        assert.deepEqual([limit, count], [index + 1, index + 1], orgId);
      }
    },
  },
];
