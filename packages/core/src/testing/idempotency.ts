import assert from "node:assert/strict";
import { isIdempotencyMismatchError, isInvalidRequestError, isLimitReachedError } from "../errors.ts";
import { current } from "./counters.ts";
import type { Case, World } from "./harness.ts";
import { race, tick } from "./race.ts";

const item = "quota:item" as const;

export const idempotency: readonly Case[] = [
  {
    name: "20 callers with one key: it is written once, and all get the same result",
    async run(world) {
      const { either, host, orgId } = world;
      let ran = 0;
      const { granted } = await race(20, (index) =>
        either(index).enforce(
          { orgId, claims: { "quota:item": 1, "quota:credit": 2 }, idempotencyKey: "k" },
          async (tx) => {
            ran += 1;
            await host.insert(tx, orgId);
            await tick();
            return { made: index, tags: ["a", null, true, 1.5], none: undefined };
          },
        ),
      );
      assert.equal(ran, 1);
      assert.equal(new Set(granted.map((result) => JSON.stringify(result))).size, 1);
      assert.deepEqual(granted[0]?.tags, ["a", null, true, 1.5]);
      assert.deepEqual([await host.count(orgId), await current(world, "quota:credit")], [1, 2]);
    },
  },
  {
    name: "a repetition is answered although the organisation is full by now, and claims nothing",
    async run(world) {
      const { one, two, orgId } = world;
      await one.setLimit({ orgId, resourceType: "quota:credit", limit: 1 });
      const first = await one.consume({ orgId, resourceType: "quota:credit", idempotencyKey: "k" });
      await assert.rejects(one.consume({ orgId, resourceType: "quota:credit" }), isLimitReachedError);
      assert.deepEqual(await two.consume({ orgId, resourceType: "quota:credit", idempotencyKey: "k" }), first);
      assert.equal(await current(world, "quota:credit"), 1);
    },
  },
  {
    name: "a key that was used for other claims is refused; another organisation's is another key",
    async run({ one, two, orgId }) {
      await one.consume({ orgId, resourceType: "quota:credit", idempotencyKey: "k" });
      for (const claims of [{ "quota:credit": 2 }, { "quota:token": 1 }, { "quota:credit": 1, "quota:token": 1 }]) {
        await assert.rejects(two.consume({ orgId, claims, idempotencyKey: "k" }), isIdempotencyMismatchError);
      }
      await two.consume({ orgId: "org_2", claims: { "quota:token": 1 }, idempotencyKey: "k" });
      await two.consume({ orgId, claims: { "quota:credit": 1 }, idempotencyKey: "k" });
    },
  },
  {
    name: "a refusal and a throw are not kept: the same key may pass later",
    async run(world) {
      const { one, host, orgId } = world;
      const request = { orgId, resourceType: item, idempotencyKey: "k" } as const;
      await one.setLimit({ orgId, resourceType: item, limit: 0 });
      await assert.rejects(
        one.enforce(request, () => "ran"),
        isLimitReachedError,
      );
      await one.setLimit({ orgId, resourceType: item, limit: 1 });
      const reason = new Error("no");
      const failing = one.enforce(request, async (tx): Promise<string> => {
        await host.insert(tx, orgId);
        throw reason;
      });
      await assert.rejects(failing, (error) => error === reason);
      assert.equal(await one.enforce(request, () => "made"), "made");
      assert.equal(await one.enforce(request, () => "made again"), "made");
      assert.equal(await host.count(orgId), 0);
    },
  },
  {
    name: "nothing returned is nothing repeated, and a result that is no plain data or too long undoes everything",
    async run(world) {
      const { one, host, orgId } = world;
      const request = (idempotencyKey: string) => ({ orgId, resourceType: item, idempotencyKey }) as const;
      for (let time = 0; time < 2; time++)
        assert.equal(await one.enforce(request("void"), async (tx) => host.insert(tx, orgId)), undefined);
      for (const result of ["x".repeat(65_535), Number.NaN, "ü".repeat(40_000)]) {
        const failing = one.enforce(request("bad"), async (tx) => {
          await host.insert(tx, orgId);
          return result;
        });
        await assert.rejects(failing, (error) => isInvalidRequestError(error) && error.field === "idempotencyKey");
      }
      const longest = "x".repeat(65_534);
      await one.enforce(request("long"), () => longest);
      assert.equal(await one.enforce(request("long"), () => ""), longest);
      assert.equal(await host.count(orgId), 1);
    },
  },
  {
    name: "a result is kept for idempotencyTtlMs; after that the key is a new one",
    async run({ with: start, orgId }) {
      let now = new Date("2030-01-01T00:00:00.000Z");
      const timed = start({ clock: () => now, idempotencyTtlMs: 1_000 });
      const ask = (result: string) => timed.enforce({ orgId, resourceType: item, idempotencyKey: "k" }, () => result);
      assert.equal(await ask("first"), "first");
      now = new Date("2030-01-01T00:00:00.999Z");
      assert.equal(await ask("second"), "first");
      now = new Date("2030-01-01T00:00:01.000Z");
      assert.equal(await ask("third"), "third");
      assert.equal(await ask("fourth"), "third");
    },
  },
  {
    name: "a key used again inside its own function undoes everything and says so; another key there is fine",
    async run<Tx>(world: World<Tx>) {
      const { one, orgId } = world;
      const credit = { orgId, resourceType: "quota:credit" } as const;
      const nest = (inner: string) =>
        one.enforce({ ...credit, idempotencyKey: "k" }, async (tx) => {
          await one.consume({ ...credit, idempotencyKey: inner, tx });
          return "made";
        });
      await assert.rejects(nest("k"), (error) => isInvalidRequestError(error) && error.field === "idempotencyKey");
      assert.equal(await current(world, "quota:credit"), 0);
      assert.equal(await nest("other"), "made");
      assert.equal(await current(world, "quota:credit"), 2);
    },
  },
  {
    name: "L11: a result kept in the caller's transaction is undone with it, and repeated within it",
    async run({ one, host, orgId }) {
      const undo = new Error("undo");
      const ask = (result: string) => one.enforce({ orgId, resourceType: item, idempotencyKey: "k" }, () => result);
      const rolledBack = host.transaction(async (tx) => {
        const within = (result: string) =>
          one.enforce({ orgId, resourceType: item, idempotencyKey: "k", tx }, () => result);
        assert.deepEqual([await within("first"), await within("second")], ["first", "first"]);
        throw undo;
      });
      await assert.rejects(rolledBack, (error) => error === undo);
      assert.equal(await ask("third"), "third");
      await one.forget({ orgId });
      assert.equal(await ask("fourth"), "fourth");
    },
  },
];
