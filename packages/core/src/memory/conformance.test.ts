import { describe, expect, it } from "vitest";
import { conformance, runCase, testAdapter } from "../testing/index.ts";
import { createMemoryAdapter } from "./adapter.ts";
import { underTest } from "./fixtures/under-test.ts";

testAdapter(underTest());

describe("a memory adapter without its lock", () => {
  const unlocked = underTest(() => createMemoryAdapter({ turn: async () => () => {} }));

  const racing = [
    "L1: the last unit is wanted by 2: one gets it",
    "L1: the last unit is wanted by 20: one gets it",
    "L1: the last unit is wanted by 200: one gets it",
    "L1: nobody is let in between the count and the commit of another",
    "L1: 5 units are free and 20 consume one each: 5 get it",
    "L2: who waited for the lock sees what its holder committed",
    "L3: a first limit waits for the writes in flight of an unlimited organisation, and counts them",
    "no unit is lost: 40 consume without a limit and 40 are counted",
    "L7: moves from A to B and from B to A at once never deadlock, and nothing is lost on the way",
  ];

  it("fails the suite wherever callers race", async () => {
    const failed: string[] = [];
    for (const one of Object.values(conformance).flat())
      await runCase(unlocked, "counted", one).catch(() => failed.push(one.name));
    for (const rule of racing) expect(failed).toContain(rule);
  }, 120_000);
});
