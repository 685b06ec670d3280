import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createNeeds, NEEDED_MS } from "./needs.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

// Fails where a need that nobody comes back for holds for good: the claims of its key would exclude each other ever after.
test("a need ends by itself, counted from the last conflict", () => {
  const needs = createNeeds(10);
  needs.add("a");
  vi.advanceTimersByTime(NEEDED_MS - 1);
  needs.add("a");
  vi.advanceTimersByTime(NEEDED_MS - 1);
  expect(needs.has("a")).toBe(true);
  vi.advanceTimersByTime(1);
  expect(needs.has("a")).toBe(false);
});

test("each conflict is met once", () => {
  const needs = createNeeds(10);
  needs.add("a");
  needs.add("a");
  needs.met("a");
  expect(needs.has("a")).toBe(true);
  needs.met("a");
  expect(needs.has("a")).toBe(false);
});

test("the oldest is forgotten where there are too many", () => {
  const needs = createNeeds(2);
  for (const key of ["a", "b", "a", "c"]) needs.add(key);
  expect(["a", "b", "c"].map(needs.has)).toEqual([true, false, true]);
});
