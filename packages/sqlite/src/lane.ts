import { setImmediate as loopTurned } from "node:timers/promises";
import { createQueue, untilAborted } from "@x/entitlements-core/adapter";
import { ConfigurationError, isPaymentRequiredError } from "@x/entitlements-core/errors";
import { isBusy, sqliteCode, storageError, translated } from "./driver-errors.ts";
import type { Session } from "./session.ts";
import { createTurns } from "./turns.ts";

/** One connection of the adapter's own and the line of those who wait for it. */
export interface Lane<Tx> {
  /** Runs `work` in a transaction of its own. While it runs nobody else has the connection. */
  transaction<T>(signal: AbortSignal, work: (session: Session<Tx>) => Promise<T>): Promise<T>;
  /** Waits for its turn, then closes the connection for good. */
  close(): Promise<void>;
}

/** For how long the event loop may be kept, in milliseconds. */
const BREATH_MS = 5;

/** `begin` is `begin immediate` for the lane of the writers: that is the lock. `once` opens a connection for each. */
export function createLane<Tx>(
  begin: "begin" | "begin immediate",
  open: () => Promise<Session<Tx>>,
  { once = false } = {},
): Lane<Tx> {
  const queue = createQueue();
  const turns = createTurns();
  let kept: Session<Tx> | undefined;
  let closed = false;
  let breathed = 0;

  /** The connection with a transaction begun on it. Throws what the driver throws. */
  async function begun(): Promise<Session<Tx>> {
    kept ??= await open();
    const session = kept;
    assertIdle(session.connection.inTransaction());
    try {
      await session.connection.exec(begin);
      return session;
    } catch (error) {
      if (isBusy(error)) throw error;
      await drop(session);
      // A function of the host's left a read half-way (an iterator), so that this connection is stuck in the past.
      if (sqliteCode(error) === "SQLITE_BUSY_SNAPSHOT") return begun();
      throw error;
    }
  }

  /** Lets the event loop turn now and then: a long line served by a synchronous driver would hold it up to its end. */
  async function breathe(): Promise<void> {
    if (performance.now() - breathed < BREATH_MS) return;
    await loopTurned();
    breathed = performance.now();
  }

  async function drop(session: Session<Tx>): Promise<void> {
    kept = undefined;
    await cutOff(session);
  }

  return {
    async transaction(signal, work) {
      const end = await queue.turn(signal);
      try {
        if (closed) throw new ConfigurationError("The adapter has been closed. Make a new one to go on.");
        await breathe();
        const session = await translated(signal, () => turns.take(signal, begun));
        let settled = false;
        try {
          const running = work(session).finally(() => {
            settled = true;
          });
          const result = await untilAborted(running, signal);
          await commit(session);
          if (once) await drop(session);
          return result;
        } catch (error) {
          // What may still run (it was aborted, or a part of it failed) must never reach a connection that somebody else
          // gets. A refusal came before the host's function.
          const reusable = settled && isPaymentRequiredError(error) && (await rollback(session));
          if (!reusable) await drop(session);
          throw error;
        } finally {
          turns.over();
        }
      } finally {
        end();
      }
    },
    async close() {
      const end = await queue.turn(new AbortController().signal);
      closed = true;
      try {
        await kept?.connection.close();
      } finally {
        kept = undefined;
        end();
      }
    },
  };
}

function assertIdle(inTransaction: boolean): void {
  if (!inTransaction) return;
  throw new ConfigurationError(
    "The adapter's own connection is in a transaction already: something else uses it. The factory must open a new connection on each call.",
  );
}

async function commit<Tx>({ connection }: Session<Tx>): Promise<void> {
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
async function rollback<Tx>({ connection }: Session<Tx>): Promise<boolean> {
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
async function cutOff<Tx>(session: Session<Tx>): Promise<void> {
  try {
    await session.connection.exec("pragma query_only = 1");
  } catch {}
  await rollback(session);
  try {
    await session.connection.close();
  } catch {}
}
