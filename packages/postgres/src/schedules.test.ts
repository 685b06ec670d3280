import { expect, test } from "vitest";
import { countBeforeLock, noLock, noVerdict } from "./fixtures/locks-taken-out.ts";
import { playAll } from "./fixtures/schedules/all.ts";

// A claim has three steps (lock and count, the host's write, commit; or count, write, lock with commit), the setting of a limit two. Each schedule must come
// to what the acts come to one after the other, in an order that fits who was done before whom, at the first attempt.

const oneFree = { limit: 3, items: 2 };

test("two claims at one free unit: in each of 20 schedules one is granted", async () => {
  const { schedules, problems, granted, waits } = await playAll(["claim", "claim"], oneFree, { every: true });
  expect([schedules, problems, granted]).toEqual([20, [], { 1: 20 }]);
  expect(waits).toBeGreaterThan(0);
});

test("three claims at one free unit: in each of 280 schedules one is granted", async () => {
  const { schedules, problems, granted } = await playAll(["claim", "claim", "claim"], oneFree);
  expect([schedules, problems, granted]).toEqual([280, [], { 1: 280 }]);
}, 60_000);

test.each([
  ["has no row", { limit: undefined, items: 0 }],
  ["is unlimited", { limit: null, items: 0 }],
  ["has one unit free", { limit: 1, items: 0 }],
])("a claim and a new limit of an organisation that %s: each of 10 schedules is a serial one", async (_what, start) => {
  const { schedules, problems } = await playAll(["claim", { limit: 0 }], start, { every: true });
  expect([schedules, problems]).toEqual([10, []]);
});

test("two claims that share the lock and the first limit: each of 280 schedules is a serial one", async () => {
  const start = { limit: null, items: 0, known: true };
  const { schedules, problems, granted } = await playAll(["claim", "claim", { limit: 1 }], start);
  expect([schedules, problems]).toEqual([280, []]);
  expect(granted[2]).toBeGreaterThan(granted[1] ?? 0);
}, 60_000);

test("a claim and one with the lock in the COMMIT at one free unit: in each of 20 schedules one is granted", async () => {
  const { schedules, problems, granted } = await playAll(["claim", "late claim"], oneFree, { every: true });
  expect([schedules, problems, granted]).toEqual([20, [], { 1: 20 }]);
});

// The proof that the schedules can fail: only where one is done before the other begins, two of the 20, one is granted.
test("without the lock 18 of 20 schedules overshoot", async () => {
  const { problems, granted } = await playAll(["claim", "claim"], oneFree, { mutate: noLock, every: true });
  expect([problems.length, granted]).toEqual([18, { 1: 2, 2: 18 }]);
});

test("with the count before the lock every schedule overshoots in which one waits for the other", async () => {
  const { problems, granted } = await playAll(["claim", "claim"], oneFree, { mutate: countBeforeLock, every: true });
  expect([problems.length, granted]).toEqual([18, { 1: 2, 2: 18 }]);
});

// Lock and COMMIT are one step there, so it is the count between them that the schedules prove.
test("without the count in the COMMIT 18 of 20 schedules overshoot", async () => {
  const acts = ["late claim", "late claim"] as const;
  const { problems, granted } = await playAll(acts, oneFree, { mutate: noVerdict, every: true });
  expect([problems.length, granted]).toEqual([18, { 1: 2, 2: 18 }]);
});
