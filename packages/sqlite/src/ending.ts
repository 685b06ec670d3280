import { ConfigurationError } from "@x/entitlements-core/errors";
import { sqliteCode, storageError } from "./driver-errors.ts";
import type { Session } from "./session.ts";

/**
 * Commits. Throws a `ConfigurationError` where there is nothing to commit any more. Whether there is, COMMIT itself tells:
 * drivers that cannot say it would be asked with a statement that fails, which a host may be logging.
 */
export async function commit<Tx>({ connection }: Session<Tx>): Promise<void> {
  try {
    await connection.exec("commit");
  } catch (error) {
    const code = sqliteCode(error);
    // A deferred constraint of the host's own fails here: its error, not ours.
    if (code?.startsWith("SQLITE_CONSTRAINT")) throw error;
    const open = await connection.inTransaction();
    if (!open && (code === null || code === "SQLITE_ERROR")) throw new ConfigurationError(ENDED, { cause: error });
    throw storageError(error, open || code === "SQLITE_FULL" ? "rolled-back" : "unknown");
  }
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
  try {
    await session.connection.exec("pragma query_only = 1");
  } catch {}
  await rollback(session);
  try {
    await session.connection.close();
  } catch {}
}
