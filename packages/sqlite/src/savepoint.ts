import { ConfigurationError, TransactionConflictError } from "@x/entitlements-core/errors";
import { whileBusy } from "./busy.ts";
import { sqliteCode, translated } from "./driver-errors.ts";
import type { Session } from "./session.ts";

let savepoints = 0;

/**
 * Runs `work` in a savepoint of the caller's open transaction, holding the write lock. Whatever fails undoes the savepoint
 * and leaves the caller's transaction open. `lock` is a write that changes nothing, run once `ready` finds our tables.
 */
export async function inSavepoint<Tx, T>(
  signal: AbortSignal,
  session: Session<Tx>,
  { ready, lock }: { readonly ready: () => Promise<void>; readonly lock: string },
  work: () => Promise<T>,
): Promise<T> {
  await assertOpen(session);
  const { connection } = session;
  const savepoint = `entitlements_${++savepoints}`;
  await session.all(`savepoint ${savepoint}`);
  try {
    await ready();
    await lockDatabase(signal, session, lock);
    const result = await work();
    if (!connection.inTransaction()) {
      throw new ConfigurationError("Your transaction was over before the enforced function returned: it ran COMMIT or ROLLBACK, or went on after an error that had rolled it back.");
    }
    await session.all(`release ${savepoint}`);
    return result;
  } catch (error) {
    if (connection.inTransaction()) {
      await session.all(`rollback to ${savepoint}`);
      await session.all(`release ${savepoint}`);
    }
    throw error;
  }
}

/** Throws a `ConfigurationError` where no transaction is open, or only until the current synchronous code returns. */
async function assertOpen<Tx>({ connection }: Session<Tx>): Promise<void> {
  if (!connection.inTransaction()) {
    throw new ConfigurationError("`tx` has no open transaction. Run BEGIN IMMEDIATE on it first, or leave `tx` out to let the SDK open one.");
  }
  await Promise.resolve();
  if (!connection.inTransaction()) {
    throw new ConfigurationError(
      "`tx` is inside the driver's synchronous transaction(fn), which commits before an async function is done. Run BEGIN IMMEDIATE and COMMIT yourself, or leave `tx` out.",
    );
  }
}

// The core aborts the waiting when its deadline has passed.
async function lockDatabase<Tx>(signal: AbortSignal, { connection }: Session<Tx>, lock: string): Promise<void> {
  await translated(signal, () =>
    whileBusy(signal, async () => {
      try {
        await connection.all(lock);
      } catch (error) {
        if (sqliteCode(error) !== "SQLITE_BUSY_SNAPSHOT") throw error;
        throw new TransactionConflictError(
          "Your transaction began without the write lock and another one has written since, so it cannot write any more. Roll it back and run it again, begun with BEGIN IMMEDIATE.",
          { cause: error },
        );
      }
    }),
  );
}
