import fc from "fast-check";
import { expect, test } from "vitest";
import { segments } from "./segments.ts";

const units = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const counts = units.chain((current) => fc.tuple(fc.constant(current), fc.nat({ max: current })));

test("whatever the numbers, the parts of a track are drawn inside it", () => {
  fc.assert(
    fc.property(units, counts, (limit, [current, reserved]) => {
      const parts = segments(limit, current, reserved);
      for (const share of [parts.taken, parts.reserved, parts.limitAt ?? 0]) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(100);
      }
      expect(parts.taken + parts.reserved).toBeLessThanOrEqual(100 + 1e-9);
    }),
  );
});

test("more reserved never changes how far a track is filled", () => {
  fc.assert(
    fc.property(units, counts, (limit, [current, reserved]) => {
      const all = segments(limit, current, 0);
      const split = segments(limit, current, reserved);
      expect(split.taken + split.reserved).toBeCloseTo(all.taken, 6);
    }),
  );
});

test("a full track is full, an empty one is empty, also where the limit is 0", () => {
  expect(segments(5, 5, 0)).toEqual({ taken: 100, reserved: 0, limitAt: null });
  expect(segments(5, 0, 0)).toEqual({ taken: 0, reserved: 0, limitAt: null });
  expect(segments(0, 0, 0)).toEqual({ taken: 0, reserved: 0, limitAt: null });
});

test("over the limit the track is full and shows where the limit was", () => {
  expect(segments(10, 20, 5)).toEqual({ taken: 75, reserved: 25, limitAt: 50 });
  expect(segments(0, 3, 0)).toEqual({ taken: 100, reserved: 0, limitAt: 0 });
});
