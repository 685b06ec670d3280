import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NEAR_AT, percent, remaining, statusOf } from "./wire.ts";

const units = fc.maxSafeNat();
const limit = fc.option(fc.oneof(units, fc.nat({ max: 20 })), { nil: null });
const current = fc.oneof(units, fc.nat({ max: 20 }));
const nearAt = fc.double({ min: 0.01, max: 1, noNaN: true });
/** What anyone really has; beyond it a double cannot tell neighbours apart in percent. */
const everyday = fc.nat({ max: 1_000_000_000 });

describe("for every limit and count", () => {
  test("remaining is what is missing to the limit: never negative, null only when unlimited", () => {
    fc.assert(
      fc.property(limit, current, (max, used) => {
        const left = remaining(max, used);
        if (max === null) return left === null;
        return Number.isSafeInteger(left) && left === Math.max(0, max - used);
      }),
    );
  });

  test("percent is a finite number of 0 or more, null only when unlimited", () => {
    fc.assert(
      fc.property(limit, current, (max, used) => {
        const share = percent(max, used);
        return max === null ? share === null : share !== null && Number.isFinite(share) && share >= 0;
      }),
    );
  });

  test("the status tells the same as remaining: something is left exactly for ok and near", () => {
    fc.assert(
      fc.property(limit, current, nearAt, (max, used, near) => {
        const status = statusOf(max, used, near);
        const left = remaining(max, used);
        expect(status === "unlimited").toBe(left === null);
        expect(status === "ok" || status === "near").toBe(left !== null && left > 0);
        expect(status === "over").toBe(max !== null && used > max);
        expect(status === "blocked").toBe(max === 0 && used === 0);
        expect(status === "at").toBe(max !== null && max > 0 && used === max);
      }),
    );
  });

  test("percent tells the same as the status: 100 at the limit, above it over, below it ok or near", () => {
    fc.assert(
      fc.property(
        everyday.filter((max) => max > 0),
        everyday,
        (max, used) => {
          const share = percent(max, used) ?? Number.NaN;
          expect(Math.sign(share - 100)).toBe(Math.sign(used - max));
        },
      ),
    );
    fc.assert(fc.property(units, (max) => percent(max, max) === 100));
  });

  test("a status never gets better while the count grows", () => {
    const order = ["ok", "near", "at", "over"];
    fc.assert(
      fc.property(
        everyday.filter((max) => max > 0),
        everyday,
        everyday,
        nearAt,
        (max, one, other, near) => {
          const [less, more] = one < other ? [one, other] : [other, one];
          expect(order.indexOf(statusOf(max, less, near))).toBeLessThanOrEqual(
            order.indexOf(statusOf(max, more, near)),
          );
        },
      ),
    );
  });

  test("near begins exactly at its share, as it is written: 55 of 100 with 0.55, 29 of 100 with 0.29", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 1000 }), (share, times) => {
        expect(statusOf(100 * times, share * times, share / 100)).toBe("near");
        expect(statusOf(100 * times, share * times - 1, share / 100)).toBe("ok");
      }),
    );
  });

  test("whole percents come out whole", () => {
    for (let used = 0; used <= 200; used++) expect(percent(100, used)).toBe(used);
    fc.assert(
      fc.property(
        fc.nat({ max: 200 }),
        fc.integer({ min: 1, max: 1_000_000 }),
        (share, times) => percent(100 * times, share * times) === share,
      ),
    );
  });
});

test.each([
  [null, 0, null, null, "unlimited"],
  [null, 1_000_000, null, null, "unlimited"],
  [0, 0, 0, 100, "blocked"],
  [0, 1, 0, 100, "over"],
  [5, 0, 5, 0, "ok"],
  [5, 3, 2, 60, "ok"],
  [5, 4, 1, 80, "near"],
  [5, 5, 0, 100, "at"],
  [5, 6, 0, 120, "over"],
  [1, 0, 1, 0, "ok"],
  [1, 1, 0, 100, "at"],
  [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 0, 100, "at"],
] as const)("limit %j with %j used: %j left, %j percent, %s", (max, used, left, share, status) => {
  expect([remaining(max, used), percent(max, used), statusOf(max, used)]).toEqual([left, share, status]);
});

test("near begins at 80 percent unless told otherwise, and with 1 only when full", () => {
  expect(NEAR_AT).toBe(0.8);
  expect([statusOf(10, 7), statusOf(10, 8), statusOf(10, 5, 0.5), statusOf(10, 9, 1)]).toEqual([
    "ok",
    "near",
    "near",
    "ok",
  ]);
});
