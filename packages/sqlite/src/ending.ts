import { ConfigurationError } from "@x/entitlements-core/errors";
import { sqliteCode, storageError } from "./driver-errors.ts";
import type { Session } from "./session.ts";

/** Commits. Throws a `ConfigurationError` where there is nothing to commit any more. */
export async function commit<Tx>({ connection }: Session<Tx>): Promise<void> {
  if (!connection.inTransaction()) {
    throw new ConfigurationError(
      "The transaction was over before the enforced function returned: it ran COMMIT or ROLLBACK itself, or went on after an error that had rolled it back. Leave both to the SDK.",
    );
  }
  try {
    await connection.exec("commit");
  } catch (error) {
    // A deferred constraint of the host's own fails here: its error, not ours.
    if (sqliteCode(error)?.startsWith("SQLITE_CONSTRAINT")) throw error;
    const known = connection.inTransaction() || sqliteCode(error) === "SQLITE_FULL";
    throw storageError(error, known ? "rolled-back" : "unknown");
  }
}

/** Whether nothing of the transaction is left on the connection. */
export async function rollback<Tx>({ connection }: Session<Tx>): Promise<boolean> {
  try {
    if (connection.inTransaction()) await connection.exec("rollback");
    return !connection.inTransaction();
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
