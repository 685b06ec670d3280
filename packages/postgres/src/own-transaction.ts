import { untilAborted } from "@x/entitlements-core/adapter";
import {
  ConfigurationError,
  isEntitlementsError,
  isLockTimeoutError,
  isStorageError,
  isTransactionConflictError,
  StorageError,
  TransactionConflictError,
} from "@x/entitlements-core/errors";
import type { OwnConnection, PostgresBridge } from "./bridge.ts";
import {
  isConflict,
  isConnectionLost,
  isInAnotherTransaction,
  isInFailedTransaction,
  isTroubleOfTheServer,
  storageError,
} from "./driver-errors.ts";
import { createSession, type Session } from "./session.ts";
import { SAME_TRANSACTION } from "./settings.ts";

/** READ COMMITTED in so many words: under the host's default the count could be older than the lock. */
export const BEGIN = "begin isolation level read committed read write";
export const BEGIN_READING = "begin isolation level repeatable read read only";

/** For how long a failed call waits for its connection to be of use to others again, in milliseconds, before it is cut off. */
const TIDYING_MS = 200;

/** A connection of the adapter's own while one call has it. */
export interface Own<Tx> {
  readonly session: Session<Tx>;
  /** Runs what the host may take part in: from now on nobody else may get the connection unless it ends well. */
  hand<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Takes a connection for `work`, which begins a transaction on it. Where it resolves to `commit: true` that is committed (by
 * `end`, which may still decide otherwise), else rolled back, and `behindRollback` sent with that. Whatever the host may still be
 * running on a connection is cut off with it.
 */
export async function ownTransaction<Tx extends object, O extends { readonly commit: boolean }>(
  bridge: PostgresBridge<Tx>,
  signal: AbortSignal,
  work: (own: Own<Tx>) => Promise<O>,
  end: (session: Session<Tx>, outcome: O) => Promise<O> = (session, outcome) => commit(session, outcome),
  behindRollback: () => readonly string[] = () => [],
): Promise<O> {
  const connection = await taken(bridge, signal);
  const session = createSession(connection);
  let handed = false;
  let usable = false;
  try {
    const worked = await untilAborted(
      work({
        session,
        hand(part) {
          handed = true;
          return part();
        },
      }),
      signal,
    );
    // Nothing of the host's runs any more.
    handed = false;
    const outcome = worked.commit ? await settled(end(session, worked), signal) : worked;
    if (!outcome.commit) await untilAborted(rollback(session, behindRollback()), signal);
    usable = true;
    return outcome;
  } catch (error) {
    const ended = signal.aborted && error === signal.reason;
    if (ended) throw error;
    // Within the call's time, too: a network that has gone silent answers neither.
    const conflict = await untilAborted(conflictIn(session, error, handed), signal).catch(() => null);
    if (!handed && !hasLostConnection(error))
      usable = await untilAborted(isRolledBack(session), AbortSignal.timeout(TIDYING_MS)).catch(() => false);
    throw conflict ?? error;
  } finally {
    session.drop();
    if (usable) await connection.release();
    else connection.destroy();
  }
}

function hasLostConnection(error: unknown): boolean {
  // The server's own answers, told apart already.
  if (isLockTimeoutError(error) || isTransactionConflictError(error)) return false;
  return isConnectionLost(causeOf(error));
}

/** Takes a connection for statements of ours alone. Where they fail it is cut off. */
export async function onConnection<Tx extends object, T>(
  bridge: PostgresBridge<Tx>,
  signal: AbortSignal,
  work: (session: Session<Tx>) => Promise<T>,
): Promise<T> {
  const connection = await taken(bridge, signal);
  let usable = false;
  try {
    const result = await untilAborted(work(createSession(connection)), signal);
    usable = true;
    return result;
  } finally {
    if (usable) await connection.release();
    else connection.destroy();
  }
}

/** A connection, or the end of the wait for one: then it is given back when it comes. */
async function taken<Tx>(bridge: PostgresBridge<Tx>, signal: AbortSignal): Promise<OwnConnection<Tx>> {
  signal.throwIfAborted();
  const connecting = bridge.connect();
  try {
    return await untilAborted(connecting, signal);
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw isEntitlementsError(error) ? error : storageError(error);
    connecting.then((late) => late.release()).catch(() => {});
    throw error;
  }
}

/** Commits with what was put off, if it is still the marked transaction. */
export function commitMarked<Tx, O>(session: Session<Tx>, outcome: O): Promise<O> {
  return commit(session, outcome, [SAME_TRANSACTION]);
}

async function commit<Tx, O>(session: Session<Tx>, outcome: O, first: readonly string[] = []): Promise<O> {
  const answers = await session.run(["commit"], first);
  assertCommitted(answers.at(-1)?.command ?? null);
  return outcome;
}

/** The end of a transaction. Throws what the host's own deferred constraints and triggers throw as it is. */
async function settled<O>(ending: Promise<O>, signal: AbortSignal): Promise<O> {
  try {
    return await untilAborted(ending, signal);
  } catch (error) {
    if (signal.aborted && error === signal.reason)
      throw new StorageError(
        "The COMMIT had been sent when the call was ended, so whether it was written is not known. Repeat the call with its idempotency key, or look.",
        { outcome: "unknown", cause: error },
      );
    throw commitFailure(error);
  }
}

/** What a COMMIT that failed is to be reported as. */
function commitFailure(error: unknown): unknown {
  if (!isStorageError(error)) return error;
  const { cause } = error;
  if (isConflict(cause)) return conflictError(cause);
  if (isInFailedTransaction(cause)) return new ConfigurationError(FAILED_BEFORE, { cause });
  if (isInAnotherTransaction(cause)) return new ConfigurationError(ENDED_BY_HOST, { cause });
  if (isConnectionLost(cause)) return storageError(cause, "unknown");
  return isTroubleOfTheServer(cause) ? error : cause;
}

/** After an error that was caught, COMMIT succeeds as a ROLLBACK. */
export function assertCommitted(command: string | null): void {
  if (command === null || command === "COMMIT") return;
  throw new ConfigurationError(FAILED_BEFORE);
}

export const FAILED_BEFORE =
  "A statement in your function failed and the function went on, so PostgreSQL rolled the transaction back: nothing was written. Let the error through, or wrap the statement in a savepoint.";

export const ENDED_BY_HOST =
  "Your function ended the transaction that it was given (COMMIT or ROLLBACK on its `tx`), and the lock with it. What it committed is there; nothing of the SDK's was written after it. Leave the end of the transaction to whoever opened it.";

/** Rolls back what may have been begun; false where the connection is of no use any more. */
async function isRolledBack<Tx>(session: Session<Tx>): Promise<boolean> {
  try {
    session.drop();
    await rollback(session);
    return true;
  } catch {
    return false;
  }
}

async function rollback<Tx>(session: Session<Tx>, behind: readonly string[] = []): Promise<void> {
  session.drop();
  await session.run(["rollback", ...behind]);
}

/**
 * The conflict that a transaction of ours has run into, by a statement of ours or by one of the host's; null where the
 * error is none, or one of another transaction of the host's.
 */
export async function conflictIn<Tx>(
  session: Session<Tx>,
  error: unknown,
  handed: boolean,
): Promise<TransactionConflictError | null> {
  const cause = causeOf(error);
  if (!isConflict(cause)) return null;
  if (handed && !(await hasFailed(session))) return null;
  return conflictError(cause);
}

export function conflictError(cause: unknown): TransactionConflictError {
  return new TransactionConflictError(
    "PostgreSQL could not serialise this transaction with another one. Nothing of this call was written. Roll the transaction back and run it again.",
    { cause },
  );
}

async function hasFailed<Tx>(session: Session<Tx>): Promise<boolean> {
  try {
    session.drop();
    await session.run(["select 1"]);
    return false;
  } catch (error) {
    return isInFailedTransaction(causeOf(error));
  }
}

/** The driver's error behind one of ours. */
export function causeOf(error: unknown): unknown {
  return isStorageError(error) ? error.cause : error;
}
