import type { Scope } from "@x/entitlements-core/adapter";
import { isCancelled } from "./driver-errors.ts";
import { type Locking, LockWaitEnded, type Sent } from "./locking.ts";
import type { Measured } from "./measure.ts";
import { BEGIN, causeOf } from "./own-transaction.ts";
import type { Session } from "./session.ts";
import type { Statements } from "./views.ts";

/** How long the lock is waited for before it is announced that somebody waits, in milliseconds. */
const SOON_MS = 100;

/** Not `lock_timeout`, which begins anew with each of those who share: they come and go faster than that. */
function impatient({ before, after, again }: Sent): Sent {
  return {
    before: [...before, `set local statement_timeout = ${SOON_MS}`],
    after: ["set local statement_timeout to default", ...after],
    again,
  };
}

/**
 * Takes the lock in a transaction of ours. PostgreSQL lets those who share a row in past one who waits to have it alone, so with
 * writers of an unlimited organisation that never pause he would wait for ever. Whoever has waited a while therefore commits that
 * he waits; nobody shares the lock then, and those who want it stand behind him.
 */
export async function lockAnnounced<Tx>(
  { entitlements }: Statements,
  locking: Locking<Tx>,
  session: Session<Tx>,
  scope: Scope<Tx>,
  sent: Sent,
): Promise<Measured> {
  const soon = performance.now() + SOON_MS;
  // Claims on what is limited stand in a line that nobody passes.
  if (scope.purpose === "claim" || soon >= scope.deadline) return locking.lockAndMeasure(session, scope, sent);
  try {
    return await locking.lockAndMeasure(session, scope, impatient(sent));
  } catch (error) {
    if (!isCancelled(causeOf(error)) && !(error instanceof LockWaitEnded)) throw error;
  }
  const types = scope.targets.map(({ resourceType }) => resourceType);
  const ms = Math.max(1, Math.ceil(scope.deadline - performance.now()));
  await session.run([...sent.again, BEGIN, entitlements.announce(scope.orgId, types, ms), "commit"]);
  const seen = await locking.lockAndMeasure(session, scope, sent);
  session.putOff(entitlements.withdraw(scope.orgId, types));
  return seen;
}
