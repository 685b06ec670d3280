import { ConfigurationError, TransactionConflictError } from "@x/entitlements-core/errors";
import { whileBusy } from "./busy.ts";
import { isBusy, isStatementError, sqliteCode, translated } from "./driver-errors.ts";
import { integer, type Session } from "./session.ts";

interface Lock {
  /** A write that changes nothing. */
  readonly lock: string;
  /** Throws where that write fails because our tables are not there. */
  readonly explain: () => Promise<void>;
  /** Throws where waiting for the lock would be in vain. */
  readonly assertWorthWaiting: () => void;
}

let savepoints = 0;

/**
 * Runs `work` in a savepoint of the caller's open transaction, holding the write lock. Where it resolves to
 * `commit: false` or fails the savepoint is undone; the caller's transaction stays open.
 */
export async function inSavepoint<Tx extends object, O extends { readonly commit: boolean }>(
  signal: AbortSignal,
  session: Session<Tx>,
  lock: Lock,
  work: () => Promise<O>,
): Promise<O> {
  const savepoint = `entitlements_${++savepoints}`;
  await session.exec(`savepoint ${savepoint}`);
  try {
    // Before anything is read: a transaction that has read something cannot wait for the lock, its view would be outdated.
    await lockDatabase(signal, session, lock);
    const outcome = await work();
    if (!(await session.connection.inTransaction())) throw new ConfigurationError(ENDED);
    if (outcome.commit) await session.exec(`release ${savepoint}`);
    else await undo(session, savepoint);
    return outcome;
  } catch (error) {
    if (await session.connection.inTransaction()) await undo(session, savepoint, error);
    throw error;
  }
}

const ENDED =
  "Your transaction was over before the enforced function returned: it ran COMMIT or ROLLBACK, or went on after an error that had rolled it back.";

const CANNOT_WAIT =
  "Your transaction began without the write lock, which another one holds, and its driver cannot try again in it. Roll it back and run it again, begun with BEGIN IMMEDIATE.";

async function undo<Tx>({ connection }: Session<Tx>, savepoint: string, failure?: unknown): Promise<void> {
  try {
    await connection.exec(`rollback to ${savepoint}`);
    await connection.exec(`release ${savepoint}`);
  } catch (error) {
    // A statement that was left half-way holds the savepoint; what has failed before says what to do.
    if (failure !== undefined && isBusy(error)) throw failure;
    throw new ConfigurationError(`${ENDED} Another one is open now, which the SDK cannot undo: roll it back.`, {
      cause: failure,
    });
  }
}

/** Throws a `ConfigurationError` where no transaction is open, or only until the current synchronous code returns. */
export async function assertOpen<Tx>({ connection }: Session<Tx>): Promise<void> {
  if (!(await connection.inTransaction())) {
    throw new ConfigurationError(
      "`tx` has no open transaction. Run BEGIN IMMEDIATE on it first, or leave `tx` out to let the SDK open one.",
    );
  }
  await Promise.resolve();
  if (!(await connection.inTransaction())) {
    throw new ConfigurationError(
      "`tx` is inside the driver's synchronous transaction(fn), which commits before an async function is done. Run BEGIN IMMEDIATE and COMMIT yourself, or leave `tx` out.",
    );
  }
}

/** Takes the write lock. The core aborts the waiting when its deadline has passed. */
async function lockDatabase<Tx>(
  signal: AbortSignal,
  session: Session<Tx>,
  { lock, explain, assertWorthWaiting }: Lock,
): Promise<void> {
  const [row] = await session.all("pragma busy_timeout");
  const callers = integer(row?.["timeout"] ?? 0);
  // The driver's own waiting would block the event loop; see busy.ts.
  if (callers > 0) await session.exec("pragma busy_timeout = 0");
  const attempt = async (): Promise<void> => {
    try {
      await session.connection.exec(lock);
    } catch (error) {
      if (isBusy(error)) assertWorthWaiting();
      if (isStatementError(error)) await explain();
      if (session.connection.spoilt?.() === true) throw new TransactionConflictError(CANNOT_WAIT, { cause: error });
      if (sqliteCode(error) !== "SQLITE_BUSY_SNAPSHOT") throw error;
      throw new TransactionConflictError(
        "Your transaction began without the write lock and another one has written since, so it cannot write any more. Roll it back and run it again, begun with BEGIN IMMEDIATE.",
        { cause: error },
      );
    }
  };
  try {
    await translated(signal, () => whileBusy(signal, attempt));
  } finally {
    if (callers > 0) await session.exec(`pragma busy_timeout = ${callers}`);
  }
}
