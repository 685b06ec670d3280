import { expect, test } from "vitest";
import { axisEnd, lanesOf, latencyAt } from "./outcomes.ts";
import type { Race } from "./race.ts";

const race = (results: Race["results"]): Race => ({
  ...{ door: "project", clients: results.length, protection: false, limit: 3, before: 2, after: 4 },
  ...{ granted: 2, refused: 1, other: 1, overshoot: 1, results },
});
const unfair = race([
  { status: 402, startedMs: 0, latencyMs: 40 },
  { status: 201, startedMs: 2, latencyMs: 30 },
  { status: 200, startedMs: 1, latencyMs: 10 },
  { status: 503, startedMs: 3, latencyMs: 140 },
]);

test("whoever is answered first has the last unit, and each one granted after that is over the limit", () => {
  expect(lanesOf(unfair).map(({ outcome, endedMs }) => [outcome, endedMs])).toEqual([
    ["granted", 11],
    ["over", 32],
    ["refused", 40],
    ["other", 143],
  ]);
});

test("the axis of two races side by side ends after the slower one", () => {
  const fair = race([{ status: 201, startedMs: 0, latencyMs: 61 }]);
  expect(axisEnd([fair])).toBe(80);
  expect(axisEnd([unfair, fair])).toBe(150);
  expect(axisEnd([])).toBe(1);
});

test("half of the requests took no longer than the median", () => {
  expect(latencyAt(0.5, unfair)).toBe(30);
  expect(latencyAt(1, unfair)).toBe(140);
});
