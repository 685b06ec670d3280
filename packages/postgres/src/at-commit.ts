import type { Exceeded, Scope } from "@x/entitlements-core/adapter";
import { LockTimeoutError } from "@x/entitlements-core/errors";
import { isLockNotAvailable, sqlState, textOf } from "./driver-errors.ts";
import type { Locking } from "./locking.ts";
import { boundTo, isRows, momentSql } from "./measure.ts";
import { assertCommitted, causeOf } from "./own-transaction.ts";
import type { Session } from "./session.ts";
import { AS_BEGUN, bounded, SAME_TRANSACTION, UNBOUNDED } from "./settings.ts";
import { verdictIn, verdictSql } from "./sql/verdict.ts";
import type { Statements } from "./views.ts";

/**
 * Ends a transaction whose function has written already: lock, count, verdict and COMMIT travel in one message, so the lock is
 * held for no round trip, and waited for at most `timeoutMs`. Resolves to what was exceeded, or null once it is committed.
 */
export async function commitIfWithin<Tx>(
  { names, entitlements }: Statements,
  locking: Locking<Tx>,
  session: Session<Tx>,
  scope: Scope<Tx>,
  amounts: ReadonlyMap<string, number>,
  timeoutMs: number,
): Promise<Exceeded | null> {
  const { orgId, targets, clock } = scope;
  const types = targets.map(({ resourceType }) => resourceType);
  const kept = session.drop();
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
    // Before the verdict: who is told that it is full may be the repetition of the call that filled it.
    return [
      AS_BEGUN,
      wait,
      entitlements.lock(orgId, types, momentSql(clock)),
      ...kept,
      ...adds,
      ...verdict,
      UNBOUNDED,
      "commit",
    ];
  };

  async function sent(statements: readonly string[]): Promise<Exceeded | "restart" | null> {
    try {
      const answers = await session.run(statements);
      assertCommitted(answers.at(-1)?.command ?? null);
      return null;
    } catch (error) {
      const cause = causeOf(error);
      const verdict = sqlState(cause) === "22P02" ? verdictIn(textOf(cause)) : null;
      if (verdict !== null) return verdict;
      if (isLockNotAvailable(cause)) throw new LockTimeoutError({ phase: "wait", orgId, timeoutMs });
      throw error;
    }
  }

  let guard: readonly string[] = [SAME_TRANSACTION];
  if (locking.isLikelyShared(scope)) {
    const savepoint = "savepoint entitlements_guess";
    const shared = entitlements.shareUnlimited(orgId, types, momentSql(clock));
    const verdict = await sent([...guard, savepoint, wait, shared, ...kept, UNBOUNDED, "commit"]);
    if (verdict !== "restart") return verdict;
    locking.forget(scope);
    await session.run(["rollback to savepoint entitlements_guess"]);
    guard = [];
  }
  const verdict = await sent([...guard, ...exclusive()]);
  if (verdict === "restart") throw new Error("The exclusive lock has no restart.");
  return verdict;
}
