import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../errors.ts";
import { type AdapterUnderTest, conformance, runCase, runModel } from "../testing/index.ts";
import { createMemoryAdapter, memoryAdapter } from "./adapter.ts";
import * as mutants from "./fixtures/mutants.ts";
import { underTest } from "./fixtures/under-test.ts";
import type { MemoryTransaction } from "./transaction.ts";

const cases = Object.values(conformance).flat();

const without = (mutation: mutants.Mutation) => underTest(memoryAdapter, mutation);

/** A rule that is taken out, and cases of the suite that must fail for it. */
const rules: readonly (readonly [rule: string, AdapterUnderTest<MemoryTransaction>, failing: readonly string[]])[] = [
  [
    "the lock",
    underTest(() => createMemoryAdapter({ turn: async () => () => {} })),
    [
      "L1: the last unit is wanted by 20: one gets it",
      "L1: nobody is let in between the count and the commit of another",
      "L3: a first limit waits for the writes in flight of an unlimited organisation, and counts them",
      "L1: the last unit is reserved by 20: one gets it, and it counts for everybody until it is released",
    ],
  ],
  [
    "that the count comes after the lock",
    without(mutants.countBeforeLock),
    [
      "L1: 5 units are free and 20 consume one each: 5 get it",
      "L2: who waited for the lock sees the limit that its holder set",
      "batches of the same claims named in opposite order are granted exactly",
    ],
  ],
  [
    "that the count is made in the transaction",
    without(mutants.countOutsideTransaction),
    ["what was counted, held and limited before in one transaction counts for its next call"],
  ],
  [
    "the rollback after a throw",
    without(mutants.throwCommitted),
    [
      "L6: a function that throws after writing leaves no row, no claim and no lock, and its error comes out as it is",
      "L11: a function that throws is undone alone; the caller's transaction goes on",
      "L6: a confirming function that throws is undone, and the hold stays to be confirmed again",
      "a refusal and a throw are not kept: the same key may pass later",
    ],
  ],
  [
    "the rollback after a refusal",
    without(mutants.refusalCommitted),
    ["L6: what `when` has written is undone with the refusal, in the caller's transaction that alone"],
  ],
  [
    "that expired holds no longer count",
    without(mutants.expiredHoldsCounted),
    ["a hold that nobody confirms gives its units back by itself, and cannot be confirmed any more"],
  ],
  [
    "that expired holds cannot be confirmed",
    without(mutants.expiredHoldsConfirmed),
    ["a hold that nobody confirms gives its units back by itself, and cannot be confirmed any more"],
  ],
  [
    "that a key is held once",
    without(mutants.holdKeysNotUnique),
    ["a key is held by one at a time, in one organisation; the other is told when to come back"],
  ],
  [
    "that a hold is ended",
    without(mutants.holdNotEnded),
    [
      "a reservation is confirmed once: of 20 who try one passes, and a late one is told that it has expired",
      "what is released is what was held, and nothing that was taken before",
      "a counter takes over what was held, and the kept count never falls below it",
    ],
  ],
  [
    "that a counter takes over what is confirmed",
    without(mutants.confirmTakesNothingOver),
    ["a counter takes over what was held, and the kept count never falls below it"],
  ],
  [
    "that what is released was not counted",
    without(mutants.releaseGivesBack),
    ["what is released is what was held, and nothing that was taken before"],
  ],
  [
    "that a result commits with its write",
    without(mutants.resultsKeptOutsideTransaction),
    ["L11: a result kept in the caller's transaction is undone with it, and repeated within it"],
  ],
  [
    "that results are kept",
    without(mutants.resultsNotKept),
    [
      "20 callers with one key: it is written once, and all get the same result",
      "a key that was used for other claims is refused; another organisation's is another key",
    ],
  ],
  [
    "that results expire",
    without(mutants.resultsKeptForEver),
    ["a result is kept for idempotencyTtlMs; after that the key is a new one"],
  ],
  ["that limits expire", without(mutants.overrideNeverExpires), ["a limit that has expired no longer holds"]],
  [
    "that a count never falls below 0",
    without(mutants.countBelowZero),
    ["what is given back can be taken again, and the count never falls below 0"],
  ],
  ["that holds are forgotten", without(mutants.forgetLeavesHolds), ["a forgotten organisation holds nothing any more"]],
  [
    "that anything is forgotten",
    without(mutants.forgetsNothing),
    ["a forgotten organisation leaves no limit and no count behind, and others keep theirs"],
  ],
];

describe.each(rules)("a memory adapter without %s", (_rule, adapter, failing) => {
  it.each(failing)("fails the suite: %s", async (name) => {
    const one = cases.find((candidate) => candidate.name === name);
    if (one === undefined) throw new Error(`The suite has no case "${name}".`);
    const error: unknown = await runCase(adapter, "counted", one).then(
      () => "passed",
      (failure: unknown) => failure,
    );
    expect(error).toBeInstanceOf(Error);
    // Proof that it is the rule that is missed, and not the mutant that is broken.
    expect(error).not.toBeInstanceOf(TypeError);
    expect(error).not.toBeInstanceOf(ConfigurationError);
  });

  it("fails the model", async () => {
    // A seed, so that the rarest of them is found each time.
    await expect(runModel({ ...adapter, histories: 800, seed: 1, shortenMs: 0 }, "counted")).rejects.toThrow(
      "What happened is possible in no sequential order",
    );
  }, 120_000);
});

it("what fails the model is printed with seed and path, and fails again when played with them", async () => {
  const adapter = without(mutants.resultsNotKept);
  const failure = await runModel(adapter, "counted").catch(String);
  const [, seed, path] = /seed: (\d+), path: "([\d:]+)"/.exec(String(failure)) ?? [];
  expect(failure).toMatch(/lane 1, by instance one:\n {2}\d+–\d+ #\d+ \w+ .* → /);
  const again = runModel({ ...adapter, seed: Number(seed), path: String(path) }, "counted");
  await expect(again).rejects.toThrow(`seed: ${seed}, path: "${path}`);
});
