import { describe, expect, it } from "vitest";
import { counted } from "../resources.ts";
import { type AdapterUnderTest, conformance, type Harness, runCase, testAdapter } from "../testing/index.ts";
import { createMemoryAdapter, type MemoryAdapter, memoryAdapter } from "./adapter.ts";
import type { MemoryTransaction } from "./transaction.ts";

let made = 0;

const itemsOf = (things: Map<string, unknown>, orgId: string): string[] =>
  [...things].filter(([, owner]) => owner === orgId).map(([id]) => id);

const kinds = {
  counted: counted({
    label: "Items",
    count: (tx: MemoryTransaction, orgId) => itemsOf(tx.entries("item"), orgId).length,
  }),
};

function harness(adapter: MemoryAdapter): Harness<MemoryTransaction> {
  return {
    adapter,
    connect: () => adapter,
    host: {
      insert: (tx, orgId) => tx.set("item", String(++made), orgId),
      remove: (tx, orgId) => tx.delete("item", itemsOf(tx.entries("item"), orgId)[0] ?? ""),
      count: (orgId) => itemsOf(adapter.rows("item"), orgId).length,
      transaction: (work) => adapter.transaction(work),
    },
    teardown: () => {},
  };
}

testAdapter({ kinds, setup: () => harness(memoryAdapter()) });

describe("a memory adapter without its lock", () => {
  const unlocked: AdapterUnderTest<MemoryTransaction> = {
    kinds,
    setup: () => harness(createMemoryAdapter({ turn: async () => () => {} })),
  };

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
