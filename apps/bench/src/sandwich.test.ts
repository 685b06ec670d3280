import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { fact, speedLines, verdictOf } from "./question.ts";
import { type Candidate, faster, sandwich } from "./sandwich.ts";
import { quartiles } from "./statistics.ts";
import { tableOf } from "./table.ts";

const pace = { repetitions: 11, sliceMs: 2, warmUpMs: 2 };

// A clock of the test's own: what else the machine does would spoil what takes milliseconds.
beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

/** Takes so long each time, and says whose turn it was. */
function busyFor(name: string, ms: number, turns: string[] = []): Candidate {
  return {
    name,
    run: async (times) => void vi.advanceTimersByTime(ms * times),
    settle: async () => void turns.push(name),
  };
}

it("each subject is measured between two slices of the baseline", async () => {
  const turns: string[] = [];
  await sandwich(busyFor("B", 0.1, turns), [busyFor("X", 0.1, turns), busyFor("Y", 0.1, turns)], pace);
  expect(turns.join("").slice(-5 * pace.repetitions)).toBe("BXBYB".repeat(pace.repetitions));
});

it("half as fast is half as fast, and twice as fast as a quarter", async () => {
  const result = await sandwich(busyFor("B", 0.1), [busyFor("X", 0.2), busyFor("Y", 0.4)], pace);
  const [half, quarter] = result.subjects;
  if (half === undefined || quarter === undefined) throw new Error("Two were given.");
  expect(half.speeds).toHaveLength(pace.repetitions);
  expect(quartiles(half.speeds).median).toBeCloseTo(0.5);
  expect(faster(half, quarter).median).toBeCloseTo(2);
});

it("a slice that was granted something else than it holds ends the measurement", async () => {
  const wrong = { ...busyFor("X", 0.1), settle: async () => Promise.reject(new Error("2 were granted, 1 is there")) };
  await expect(sandwich(busyFor("B", 0.1), [wrong], pace)).rejects.toThrow("2 were granted, 1 is there");
});

it("quartiles, also of one sample", () => {
  expect(quartiles([5, 1, 3, 2, 4])).toEqual({ q1: 2, median: 3, q3: 4, samples: 5 });
  expect(quartiles([7])).toEqual({ q1: 7, median: 7, q3: 7, samples: 1 });
  expect(() => quartiles([])).toThrow();
});

it("a goal is met or missed by its size, and says where the noise is wider than that", () => {
  expect(verdictOf(fact("", 40, "ms", { at: "most", bound: 50 }))).toEqual({ met: true, margin: 0.2, unsure: false });
  expect(verdictOf(fact("", 75, "ms", { at: "most", bound: 50 }))).toEqual({ met: false, margin: -0.5, unsure: false });
  expect(verdictOf(fact("", 1, "ms"))).toBeNull();
  const line = { ...fact("", 0, "", { at: "least", bound: 0.5 }), value: quartiles([0.3, 0.4, 0.45]) };
  expect(verdictOf(line)).toMatchObject({ met: false, unsure: false });
  expect(verdictOf({ ...line, value: quartiles([0.3, 0.4, 0.6, 0.7]) })).toMatchObject({ met: true, unsure: true });
});

it("the table names a miss with its size", async () => {
  const result = await sandwich(busyFor("B", 0.1), [busyFor("X", 0.2)], pace);
  const table = tableOf({ name: "q", asks: "why" }, { lines: speedLines(result, { X: 1 }), notes: ["because"] });
  expect(table).toMatch(/^q: why\n.*verdict\nB .*\nX .*ratio ≥ 1 +MISSED by \d\d %.*\n {2}\* because$/);
});
