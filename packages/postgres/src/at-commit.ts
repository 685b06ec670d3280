import type { Exceeded, Scope } from "@x/entitlements-core/adapter";
import { LockTimeoutError } from "@x/entitlements-core/errors";
import { isLockNotAvailable, isStatementError, messageOf } from "./driver-errors.ts";
import { type Locking, waitMs } from "./locking.ts";
import { boundTo, isRows, momentSql } from "./measure.ts";
import { assertCommitted, causeOf } from "./own-transaction.ts";
import type { Session } from "./session.ts";
import { bounded, SAME_TRANSACTION } from "./settings.ts";
import { RESTART, verdictIn, verdictSql } from "./sql/verdict.ts";
import type { Statements } from "./views.ts";

/** However long the function has taken, the lock may be waited for as long as this, in milliseconds. */
const LEAST_WAIT_MS = 1_000;

/**
 * Ends a transaction whose function has written already: lock, count, verdict and COMMIT travel in one message, so the lock is
 * held for no round trip. Resolves to what was exceeded, or null once it is committed.
 */
export async function commitIfWithin<Tx>(
  { names, entitlements }: Statements,
  locking: Locking<Tx>,
  session: Session<Tx>,
  scope: Scope<Tx>,
  amounts: ReadonlyMap<string, number>,
): Promise<Exceeded | null> {
  const { orgId, targets, clock } = scope;
  const types = targets.map(({ resourceType }) => resourceType);
  const kept = session.drop();
  const timeoutMs = Math.max(LEAST_WAIT_MS, waitMs(scope));
  const wait = bounded(timeoutMs);

  const exclusive = (): readonly string[] => {
    const adds = targets.flatMap(({ resourceType, resource }) => {
      const amount = amounts.get(resourceType) ?? 0;
      return resource.kind === "counter" && amount !== 0 ? [entitlements.add({ orgId, resourceType }, amount)] : [];
    });
    const growing = targets
      .filter(({ resourceType }) => (amounts.get(resourceType) ?? 0) > 0)
      .map((target) => ({ resourceType: target.resourceType, rows: isRows(target) ? target : null }));
    const bound = boundTo(orgId, "(select now from entitlements_moment)");
    const verdict = growing.length === 0 ? [] : [verdictSql(names, growing, momentSql(clock), bound)];
    return [wait, entitlements.lock(orgId, types, momentSql(clock)), ...adds, ...verdict, ...kept, "commit"];
  };

  async function sent(statements: readonly string[]): Promise<Exceeded | typeof RESTART | null> {
    try {
      const answers = await session.run(statements);
      assertCommitted(answers.at(-1)?.command ?? null);
      return null;
    } catch (error) {
      const cause = causeOf(error);
      const verdict = isStatementError(cause) ? verdictIn(messageOf(cause)) : null;
      if (verdict !== null) return verdict;
      if (isLockNotAvailable(cause)) throw new LockTimeoutError({ phase: "wait", orgId, timeoutMs });
      throw error;
    }
  }

  let guard: readonly string[] = [SAME_TRANSACTION];
  if (locking.isLikelyShared(scope)) {
    const savepoint = "savepoint entitlements_guess";
    const shared = entitlements.shareUnlimited(orgId, types, momentSql(clock));
    const verdict = await sent([...guard, savepoint, wait, shared, ...kept, "commit"]);
    if (verdict !== RESTART) return verdict;
    locking.forget(scope);
    await session.run(["rollback to savepoint entitlements_guess"]);
    guard = [];
  }
  const verdict = await sent([...guard, ...exclusive()]);
  return verdict === RESTART ? null : verdict;
}
