import { expect, it } from "vitest";
import { killAtRandom } from "./fixtures/killings.ts";

// Fails where the SDK's write is committed apart from the host's, where a count is read before the lock is held, where the
// lock is left out, and where a COMMIT that broke is reported as rolled back.
it("sessions are ended at random for three seconds: nothing is lost, nothing is over, nobody waits", async () => {
  const account = await killAtRandom(3);
  expect(account.kills).toBeGreaterThan(5);
  expect(account.inTransaction).toBeGreaterThan(0);
  expect(account.lockTimeouts).toBe(0);
});
