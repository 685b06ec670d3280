import { sqliteCode } from "../driver-errors.ts";

// SQLite refuses it in a transaction, at once and whatever has been read; outside of one it does nothing to a connection
// but for its temporary tables, which live as long as it does. One statement, so that nobody slips in between.
const PROBE = "pragma temp.synchronous = 1";

/** Whether a transaction is open, for drivers that do not tell. False on a closed connection. */
export async function probeTransaction(run: (sql: string) => unknown): Promise<boolean> {
  try {
    await run(PROBE);
    return false;
  } catch (error) {
    const code = sqliteCode(error);
    if (code === "SQLITE_ERROR") return true;
    // What SQLite did not throw, the driver did: the connection is closed.
    if (code === null) return false;
    throw error;
  }
}
