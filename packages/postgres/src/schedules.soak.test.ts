import { expect, test } from "vitest";
import { playAll } from "./fixtures/schedules/all.ts";

// As in schedules.test.ts, with more orders than a quick run has time for.

test("two claims and the first limit: each of 280 schedules is a serial one", async () => {
  const { schedules, problems } = await playAll(["claim", "claim", { limit: 1 }], { limit: undefined, items: 0 });
  expect([schedules, problems]).toEqual([280, []]);
});

test("three claims that think there is no limit, at one free unit: in each of 280 schedules one is granted", async () => {
  const { schedules, problems } = await playAll(["claim", "claim", "claim"], { limit: 3, items: 2, known: true });
  expect([schedules, problems]).toEqual([280, []]);
});

test("a claim, one with the lock in the COMMIT and a new limit: each of 560 schedules is a serial one", async () => {
  const start = { limit: null, items: 0, known: true };
  const { schedules, problems } = await playAll(["claim", "late claim", { limit: 1 }], start);
  expect([schedules, problems]).toEqual([560, []]);
});

test("three claims with the lock in the COMMIT at one free unit: in each of 280 schedules one is granted", async () => {
  const { schedules, problems, granted } = await playAll(["late claim", "late claim", "late claim"], {
    limit: 3,
    items: 2,
  });
  expect([schedules, problems, granted]).toEqual([280, [], { 1: 280 }]);
});
