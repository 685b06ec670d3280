import { ConfigurationError } from "@x/entitlements-core/errors";
import { conformance, runCase, runModel } from "@x/entitlements-core/testing";
import { describe, expect, it } from "vitest";
import { underTest } from "./fixtures/host.ts";
import { libsql } from "./fixtures/libsql.ts";
import { deferred, withoutTransaction } from "./fixtures/mutants.ts";
import * as mutants from "./fixtures/rules-taken-out.ts";

const cases = Object.values(conformance).flat();

/** A rule that is taken out, and cases of the suite that must fail for it. */
const rules: readonly (readonly [rule: string, mutants.Mutation, failing: readonly string[]])[] = [
  // Where one adapter's callers stand in line, two of them need luck to race: cases that make them meet tell each time.
  [
    "transactions",
    withoutTransaction,
    [
      "L1: nobody is let in between the count and the commit of another",
      "L6: a function that throws after writing leaves no row, no claim and no lock, and its error comes out as it is",
      "L6: what `when` has written is undone with the refusal, in the caller's transaction that alone",
    ],
  ],
  ["a lock before the count", deferred, ["L1: nobody is let in between the count and the commit of another"]],
  [
    "a count in the transaction",
    mutants.countOutsideTransaction,
    [
      "two enforcements one after the other in one transaction count each other's writes",
      "what was counted, held and limited before in one transaction counts for its next call",
    ],
  ],
  [
    "ROLLBACK",
    mutants.noRollback,
    [
      "L6: a function that throws after writing leaves no row, no claim and no lock, and its error comes out as it is",
      "L6: what `when` has written is undone with the refusal, in the caller's transaction that alone",
      "L6: a confirming function that throws is undone, and the hold stays to be confirmed again",
    ],
  ],
  [
    "ROLLBACK TO",
    mutants.noRollbackToSavepoint,
    [
      "L11: a function that throws is undone alone; the caller's transaction goes on",
      "L6: what `when` has written is undone with the refusal, in the caller's transaction that alone",
    ],
  ],
  [
    "an end to the counting of holds",
    mutants.expiredHoldsCounted,
    ["a hold that nobody confirms gives its units back by itself, and cannot be confirmed any more"],
  ],
  [
    "an end to the confirming of holds",
    mutants.expiredHoldsFound,
    ["a hold that nobody confirms gives its units back by itself, and cannot be confirmed any more"],
  ],
  [
    "an end to what holds cover",
    mutants.expiredHoldsCover,
    ["rows come back into the count when the hold that took their place has expired"],
  ],
  ["distinct keys", mutants.keysNotDistinct, ["rows with the same key count once"]],
  [
    "holds in the place of rows",
    mutants.rowsCountedBesideHolds,
    [
      "accepting takes up the invitation's seat at exactly full, and is counted once at every step",
      "an invitation that is being accepted by one is no seat for another to take up",
    ],
  ],
  [
    "holds that weigh what they stand in for",
    mutants.holdsLighterThanRows,
    ["a hold frees nothing: while it stands in for many rows it counts for as many, and when it ends nothing is over"],
  ],
  [
    "pending rows",
    mutants.pendingRowsTaken,
    [
      "open invitations count and are shown as reserved",
      "accepting is refused once the limit was lowered below what is taken and promised",
    ],
  ],
  [
    "0 as the lowest count",
    mutants.countBelowZero,
    ["what is given back can be taken again, and the count never falls below 0"],
  ],
  [
    "an end of holds that are confirmed or released",
    mutants.holdNotEnded,
    [
      "a reservation is confirmed once: of 20 who try one passes, and a late one is told that it has expired",
      "what is released is what was held, and nothing that was taken before",
    ],
  ],
  ["forgotten holds", mutants.holdsNotForgotten, ["a forgotten organisation holds nothing any more"]],
  [
    "forgotten results",
    mutants.resultsNotForgotten,
    ["L11: a result kept in the caller's transaction is undone with it, and repeated within it"],
  ],
  [
    "an end of results",
    mutants.expiredResultsFound,
    ["a result is kept for idempotencyTtlMs; after that the key is a new one"],
  ],
];

describe.each(rules)("an SQLite adapter without %s", (_rule, mutation, failing) => {
  it.each(failing)("fails the suite: %s", async (name) => {
    const one = cases.find((candidate) => candidate.name === name);
    if (one === undefined) throw new Error(`The suite has no case "${name}".`);
    const error: unknown = await runCase(underTest(libsql, mutation), "rows", one).then(
      () => "passed",
      (failure: unknown) => failure,
    );
    expect(error).toBeInstanceOf(Error);
    // Proof that it is the rule that is missed, and not the mutant that is broken.
    expect(error).not.toBeInstanceOf(TypeError);
    expect(error).not.toBeInstanceOf(ConfigurationError);
  });
});

// The others fail the model on memory, by the same rules and in less time: mutants.test.ts of core.
const inSql = {
  noRollback: mutants.noRollback,
  noRollbackToSavepoint: mutants.noRollbackToSavepoint,
  keysNotDistinct: mutants.keysNotDistinct,
  rowsCountedBesideHolds: mutants.rowsCountedBesideHolds,
  expiredHoldsCover: mutants.expiredHoldsCover,
  pendingRowsTaken: mutants.pendingRowsTaken,
};

it.each(Object.entries(inSql))(
  "fails the model: %s",
  async (_name, mutation) => {
    const model = { ...underTest(libsql, mutation), histories: 800, seed: 1, shortenMs: 0 };
    await expect(runModel(model, "rows")).rejects.toThrow("What happened is possible in no sequential order");
  },
  120_000,
);
