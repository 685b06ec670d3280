import { ConfigurationError } from "@x/entitlements-core/errors";
import { conformance, runCase } from "@x/entitlements-core/testing";
import { describe, expect, it } from "vitest";
import { callerTransactions } from "./fixtures/cases/caller-transactions.ts";
import { firstLock } from "./fixtures/cases/first-lock.ts";
import { isolation } from "./fixtures/cases/isolation.ts";
import { bothGuessedWrong, sharedAnchors, startsAgain } from "./fixtures/cases/shared-anchors.ts";
import { barrier } from "./fixtures/doors.ts";
import { underTest } from "./fixtures/host.ts";
import * as locks from "./fixtures/locks-taken-out.ts";
import * as mutants from "./fixtures/mutants.ts";
import type { Mutation } from "./fixtures/mutation.ts";
import { onPg } from "./fixtures/pg.ts";
import { onScene, type PostgresCase } from "./fixtures/scene.ts";

const suite = Object.values(conformance).flat();
const ours: readonly PostgresCase[] = [...firstLock, ...isolation, ...sharedAnchors, ...callerTransactions];

/** A rule that is taken out, and cases that must fail for it: the suite's, or those of PostgreSQL alone. */
const rules: readonly (readonly [rule: string, Mutation, failing: readonly string[]])[] = [
  ["the lock", locks.noLock, ["nobody is let in between the count and the commit of another"]],
  [
    "a write under the lock",
    locks.lockWithoutWrite,
    [
      "a host's repeatable read transaction that began before the last unit was taken is told to run again, and then refused",
      "a host's serializable transaction that began before the last unit was taken is told to run again, and then refused",
      "a host's repeatable read transaction that waits while the last unit is taken is told to run again",
    ],
  ],
  [
    "that the count comes after the lock",
    locks.countBeforeLock,
    ["nobody is let in between the count and the commit of another"],
  ],
  [
    "that the count is a statement of its own",
    locks.countInLockStatement,
    ["nobody is let in between the count and the commit of another"],
  ],
  [
    "transactions",
    mutants.noTransaction,
    [
      "nobody is let in between the count and the commit of another",
      "L6: a function that throws after writing leaves no row, no claim and no lock, and its error comes out as it is",
    ],
  ],
  [
    "ROLLBACK",
    mutants.noRollback,
    ["L6: what `when` has written is undone with the refusal, in the caller's transaction that alone"],
  ],
  [
    "the cutting off of what ended badly",
    mutants.neverCutOff,
    [
      "L8: a function that never settles is rolled back: others time out meanwhile, then the lock is free and nothing it does later is kept",
    ],
  ],
  [
    "that only the unlimited share the lock",
    locks.sharedForAll,
    ["nobody is let in between the count and the commit of another"],
  ],
  [
    "that the unlimited share it",
    locks.neverShared,
    ["writers of an unlimited organisation are in their functions at the same time, of one process and of two"],
  ],
  [
    "an anchor where there is no row",
    locks.noAnchor,
    [
      "a first limit waits for a write in flight of an organisation that has no row yet, and counts it",
      "a writer that waits while the organisation is forgotten starts again, with a row that whoever limits it waits for",
    ],
  ],
  [
    "the order of the locks",
    locks.unsorted,
    ["callers that lock two anchors in transactions of their own take them in one order, however they name them"],
  ],
  [
    "that lock_timeout is put back",
    mutants.lockTimeoutKept,
    ["lock_timeout is what the caller set, whatever the call came to, and what it was in our own function"],
  ],
  [
    "ROLLBACK TO",
    mutants.noRollbackToSavepoint,
    [
      "L11: a function that throws is undone alone; the caller's transaction goes on",
      "L6: what `when` has written is undone with the refusal, in the caller's transaction that alone",
      "a refusal in an open transaction lets go of the lock: others pass at once, and the caller may ask again later",
    ],
  ],
  [
    "one connection for one transaction",
    mutants.secondConnection,
    [
      "L5: whatever is called inside a function with its tx, no second connection is taken",
      "two enforcements one after the other in one transaction count each other's writes",
    ],
  ],
  [
    "the time after the wait",
    mutants.timeOfBegin,
    ["a hold that ended while a claim waited for the lock no longer counts"],
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
    ["accepting takes up the invitation's seat at exactly full, and is counted once at every step"],
  ],
  [
    "holds that weigh what they stand in for",
    mutants.holdsLighterThanRows,
    ["a hold frees nothing: while it stands in for many rows it counts for as many, and when it ends nothing is over"],
  ],
  ["pending rows", mutants.pendingRowsTaken, ["open invitations count and are shown as reserved"]],
  [
    "0 as the lowest count",
    mutants.countBelowZero,
    ["what is given back can be taken again, and the count never falls below 0"],
  ],
  [
    "an end of holds that are confirmed or released",
    mutants.holdNotEnded,
    ["a reservation is confirmed once: of 20 who try one passes, and a late one is told that it has expired"],
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

// Many times what the longest wait of a case takes, which the last test here proves.
const settings = { lockTimeoutMs: 1_500 };

/** What a case comes to where the rule is missed: a failure that is no fault of the mutant's own. */
async function mustFail(running: Promise<unknown>): Promise<void> {
  const error: unknown = await running.then(
    () => "passed",
    (failure: unknown) => failure,
  );
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toBeInstanceOf(TypeError);
  expect(error).not.toBeInstanceOf(ConfigurationError);
}

describe.concurrent.each(rules)("a PostgreSQL adapter without %s", (_rule, mutate, failing) => {
  it.each(failing)("fails: %s", async (name) => {
    const general = suite.find((candidate) => candidate.name === name);
    const special = ours.find((candidate) => candidate.name === name);
    if (general !== undefined) return mustFail(runCase(underTest(onPg, mutate), "rows", general));
    if (special === undefined) throw new Error(`There is no case "${name}".`);
    return mustFail(onScene({ mutate, settings }, special.run));
  });
});

describe("a shared lock made exclusive in place", () => {
  it(`fails: ${bothGuessedWrong.name}`, async () => {
    const meet = barrier(2);
    const before = async (statements: readonly string[]) => void (startsAgain(statements) && (await meet()));
    await mustFail(onScene({ mutate: locks.upgradedInPlace, before }, bothGuessedWrong.run));
  });
});

it("those of PostgreSQL alone pass where nothing is taken out, in the same time", async () => {
  const names = new Set(rules.flatMap(([, , failing]) => failing));
  const special = ours.filter(({ name }) => names.has(name));
  expect(special).toHaveLength(11);
  for (const { run } of special) await onScene({ settings }, run);
});
