import type { Exceeded, Scope } from "@x/entitlements-core/adapter";
import type { Announcement } from "./announcement.ts";
import { isCancelled, sqlState, textOf } from "./driver-errors.ts";
import { type Locking, SOON_MS, typesOf } from "./locking.ts";
import { boundTo, isRows, momentSql } from "./measure.ts";
import { assertCommitted, BEGIN, causeOf, conflictError } from "./own-transaction.ts";
import type { Keeping, Session } from "./session.ts";
import { asBegun, type Begun, bounded, hurried, NOTHING_DEFERRED, SAME_TRANSACTION, UNHURRIED } from "./settings.ts";
import { literal } from "./sql/literal.ts";
import { failing, SHARING, type Verdict, verdictIn, verdictSql } from "./sql/verdict.ts";
import type { Statements } from "./views.ts";

/** The end of a transaction whose function has written already. */
export interface LateLock<Tx> {
  readonly statements: Statements;
  readonly locking: Locking<Tx>;
  readonly session: Session<Tx>;
  readonly scope: Scope<Tx>;
  readonly amounts: ReadonlyMap<string, number>;
  /** What the count is to find again. */
  readonly begun: Begun;
  /** For how long the lock may be waited for. */
  readonly ms: number;
  readonly keeping: Keeping;
  readonly announcement: Announcement<Tx>;
}

/**
 * Ends it: lock, count, verdict and COMMIT travel in one message, so the lock is held for no round trip. Resolves to what was
 * exceeded, or null once it is committed.
 */
export async function commitIfWithin<Tx>(late: LateLock<Tx>): Promise<Exceeded | null> {
  const { statements, locking, session, scope, amounts, begun, ms, keeping, announcement } = late;
  const { names, entitlements } = statements;
  const { orgId, targets, clock } = scope;
  const types = typesOf(scope);
  const moment = momentSql(clock);
  const kept = session.drop();
  const first = [SAME_TRANSACTION, NOTHING_DEFERRED];

  /** Nothing of the host's comes behind it, so no setting is put back. */
  const exclusive = (soon: boolean): readonly string[] => {
    const adds = targets.flatMap(({ resourceType, resource }) => {
      const amount = amounts.get(resourceType) ?? 0;
      return resource.kind === "counter" && amount !== 0 ? [entitlements.add({ orgId, resourceType }, amount)] : [];
    });
    const growing = targets
      .filter(({ resourceType }) => (amounts.get(resourceType) ?? 0) > 0)
      .map((target) => ({ resourceType: target.resourceType, rows: isRows(target) ? target : null }));
    const bound = boundTo(orgId, "(select now from entitlements_moment)");
    const verdict = growing.length === 0 ? [] : [verdictSql(names, growing, moment, bound)];
    return [
      `${asBegun(begun)}, ${failing(`not ${entitlements.isSharing(orgId, types)}`, `${literal(SHARING)} || current_setting('role')`)}`,
      bounded(ms),
      ...(soon ? [hurried(SOON_MS)] : []),
      entitlements.lock(orgId, types, moment),
      ...(soon ? [UNHURRIED] : []),
      // Before the verdict: who is told that it is full may be the repetition of the call that filled it.
      ...kept,
      ...adds,
      ...verdict,
      ...announcement.withdrawal(),
      "commit",
    ];
  };

  async function sent(messages: readonly string[], isSoon: boolean): Promise<Verdict | "soon" | null> {
    const sentAt = performance.now();
    try {
      const answers = await session.explained(keeping, messages);
      assertCommitted(answers.at(-1)?.command ?? null);
      return null;
    } catch (error) {
      const cause = causeOf(error);
      const verdict = sqlState(cause) === "22P02" ? verdictIn(textOf(cause)) : null;
      if (verdict !== null) return verdict;
      if (isSoon && isCancelled(cause) && performance.now() - sentAt >= SOON_MS) return "soon";
      throw error;
    }
  }

  const others = locking.hasSharers(scope);
  let guard: readonly string[] = first;
  let isSoon = others && ms > SOON_MS && announcement.withdrawal().length === 0;
  if (locking.isLikelyShared(scope)) {
    const shared = entitlements.shareUnlimited(orgId, types, moment);
    const verdict = await sent(
      [...first, "savepoint entitlements_guess", asBegun(begun), bounded(ms), shared, ...kept, "commit"],
      false,
    );
    if (verdict !== "restart") return exceeded(verdict);
    locking.forget(scope);
    await session.run(["rollback to savepoint entitlements_guess"]);
    guard = [];
    // It is limited by now, or somebody has announced that he waits, and we stand behind him.
    isSoon = false;
  }
  const verdict = await sent([...guard, ...exclusive(isSoon)], isSoon);
  if (verdict === "sharing") throw locking.conflict(scope);
  if (verdict !== "soon") return exceeded(verdict);
  // Nothing can be announced beside what the function has written, so that is undone, and the function run again.
  await announcement.make(session, ["rollback"], ms);
  await session.run([BEGIN]);
  throw conflictError(new Error("Others share the lock and do not pause."));
}

function exceeded(verdict: Verdict | "soon" | null): Exceeded | null {
  if (typeof verdict === "string") throw new Error(`The verdict ${verdict} was not asked for.`);
  return verdict;
}
