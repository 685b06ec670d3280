import { setImmediate as loopTurned } from "node:timers/promises";
import { createQueue, untilAborted } from "@x/entitlements-core/adapter";
import { ConfigurationError, isPaymentRequiredError } from "@x/entitlements-core/errors";
import { whileBusy } from "./busy.ts";
import { isBusy, sqliteCode, translated } from "./driver-errors.ts";
import { commit, cutOff, rollback } from "./ending.ts";
import { failedInside } from "./savepoint.ts";
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
export function createLane<Tx extends object>(
  begin: "begin" | "begin immediate",
  open: () => Promise<Session<Tx>>,
  { once = false } = {},
): Lane<Tx> {
  const queue = createQueue();
  const turns = createTurns();
  const take = begin === "begin immediate" ? turns.take : whileBusy;
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
        const session = await translated(signal, () => take(signal, begun));
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
          // gets. A refusal of this call's own came before the host's function.
          const refused = settled && isPaymentRequiredError(error) && !failedInside.has(session.tx);
          if (!refused || !(await rollback(session))) await drop(session);
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
