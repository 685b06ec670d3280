import { BEGIN } from "./own-transaction.ts";
import type { Session } from "./session.ts";
import type { entitlementSql } from "./sql/entitlement.ts";

/** What one call says of locks that it wants to have alone, so that nobody shares them meanwhile. */
export interface Announcement<Tx> {
  /** Commits that the call waits, at most so long, behind what undoes the transaction that it has begun. */
  make(session: Session<Tx>, undo: readonly string[], ms: number): Promise<void>;
  /** What takes it back, to be sent with the COMMIT or behind the ROLLBACK; nothing where none was made. */
  withdrawal(): readonly string[];
}

/** A function that throws has its connection cut off, and what it had announced ends with the time that it could wait. */
export function createAnnouncement<Tx>(
  { announce, withdraw }: Pick<ReturnType<typeof entitlementSql>, "announce" | "withdraw">,
  orgId: string,
  types: readonly string[],
): Announcement<Tx> {
  let waiter: string | undefined;
  return {
    async make(session, undo, ms) {
      waiter ??= globalThis.crypto.randomUUID();
      await session.run([...undo, BEGIN, announce(orgId, types, waiter, ms), "commit"]);
    },
    withdrawal: () => (waiter === undefined ? [] : [withdraw(orgId, types, waiter)]),
  };
}
