import { expect, it } from "vitest";
import { killAtRandom } from "./fixtures/killings.ts";

// Everything at once, by chance. Where the lock is left out, or the SDK's write is committed apart from the host's, it does not
// end well: it was seen not to end at all. A count before the lock and a COMMIT that is told wrongly it meets too seldom; those
// are proven by `mutants.test.ts`, `schedules.test.ts` and `faults/lost-commit.test.ts`.
it("sessions are ended at random for three seconds: nothing is lost, nothing is over, nobody waits", async () => {
  const account = await killAtRandom(3);
  expect(account.kills).toBeGreaterThan(5);
  expect(account.inTransaction).toBeGreaterThan(0);
  expect(account.lockTimeouts).toBe(0);
});
