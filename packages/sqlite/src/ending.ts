import { setTimeout as sleep } from "node:timers/promises";
import { untilAborted } from "@x/entitlements-core/adapter";
import { ConfigurationError, StorageError } from "@x/entitlements-core/errors";
import { messageOf, sqliteCode, storageError } from "./driver-errors.ts";
import type { Session } from "./session.ts";

const GUARD = "entitlements_transaction";

/** Makes a savepoint that is gone when somebody ends the transaction and begins another one in its place. */
export function guard<Tx>({ connection }: Session<Tx>): void | Promise<void> {
  return connection.exec(`savepoint ${GUARD}`);
}

/**
 * Commits. Throws a `ConfigurationError` where there is nothing to commit any more, or another transaction than the one that
 * was begun. Whether there is, the statements themselves tell: drivers that cannot say it would be asked with a statement
 * that fails, which a host may be logging.
 */
export async function commit<Tx>(
  { connection }: Session<Tx>,
  { guarded, signal }: { readonly guarded: boolean; readonly signal: AbortSignal },
): Promise<void> {
  try {
    if (guarded) await answered(connection.exec(`release ${GUARD}`), signal);
  } catch (error) {
    throw isOver(error) ? new ConfigurationError(ENDED, { cause: error }) : storageError(error);
  }
  try {
    await answered(connection.exec("commit"), signal);
  } catch (error) {
    if (error instanceof StorageError) throw error;
    const code = sqliteCode(error);
    // A deferred constraint of the host's own fails here: its error, not ours.
    if (code?.startsWith("SQLITE_CONSTRAINT")) throw error;
    const open = await connection.inTransaction();
    if (!open && isOver(error)) throw new ConfigurationError(ENDED, { cause: error });
    throw storageError(error, open || code === "SQLITE_FULL" ? "rolled-back" : "unknown");
  }
}

/** How long a driver may take to answer what ends a transaction, after the time for that has run out. */
const GRACE_MS = 500;

/** Waits for a driver's answer; where the call is aborted meanwhile, a little longer, since it may have taken effect. */
async function answered(statement: void | Promise<void>, signal: AbortSignal): Promise<void> {
  if (!(statement instanceof Promise)) return;
  const aborted = untilAborted(statement, signal).catch((error: unknown) => {
    if (!signal.aborted || error !== signal.reason) throw error;
  });
  await aborted;
  if (signal.aborted && !(await soon(statement)))
    throw new StorageError(
      "The database did not answer COMMIT in time: something that the function left running keeps its connection. It is not known whether the transaction has taken effect.",
      { outcome: "unknown", cause: signal.reason },
    );
}

/** Whether it is done within a moment; it goes on in any case. */
export async function soon(work: Promise<unknown>): Promise<boolean> {
  const late = new AbortController();
  const done = work.then(() => true);
  try {
    return await Promise.race([done, sleep(GRACE_MS, false, { signal: late.signal })]);
  } finally {
    late.abort();
  }
}

/** There is no such transaction or savepoint, or the driver says that the connection is closed. */
function isOver(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === null || code === "SQLITE_ERROR";
}

const ENDED =
  "The transaction was over before the enforced function returned: it ran COMMIT or ROLLBACK itself, or went on after an error that had rolled it back. Leave both to the SDK.";

/** Whether nothing of the transaction is left on the connection. */
export async function rollback<Tx>({ connection }: Session<Tx>): Promise<boolean> {
  try {
    await connection.exec("rollback");
    return true;
  } catch {
    return false;
  }
}

/**
 * Takes a connection from whoever still holds it. Statements that were prepared on it may outlive `close`, so it is
 * barred from writing first, in the transaction still. What fails here is broken already, which is as good.
 */
export async function cutOff<Tx>(session: Session<Tx>): Promise<void> {
  const { connection } = session;
  try {
    await connection.exec("pragma query_only = 1");
  } catch {}
  await rollback(session);
  try {
    if (connection.abandon === undefined) await connection.close();
    else connection.abandon();
  } catch {}
}

/**
 * Whether a read was left half-way on an idle connection (an iterator), so that it would see the past for good. VACUUM says so
 * before it looks at where it should write, which is nowhere; so it does nothing.
 * @see https://www.sqlite.org/lang_vacuum.html
 */
export async function isStuck<Tx>({ connection }: Session<Tx>): Promise<boolean> {
  try {
    await connection.exec("vacuum into null");
    return true;
  } catch (error) {
    return !messageOf(error).includes("non-text filename");
  }
}
