import { setImmediate as loopTurned } from "node:timers/promises";
import { createQueue, untilAborted } from "@x/entitlements-core/adapter";
import { ConfigurationError } from "@x/entitlements-core/errors";
import { whileBusy } from "./busy.ts";
import { isBusy, sqliteCode, translated } from "./driver-errors.ts";
import { commit, cutOff, rollback } from "./ending.ts";
import { hasLostItsFile } from "./open.ts";
import type { Session } from "./session.ts";
import { createTurns } from "./turns.ts";

/** Connections of the adapter's own and the line of those who wait for one. */
export interface Lane<Tx> {
  /** Runs `work` in a transaction of its own, which is undone where it resolves to `commit: false`. While it runs nobody else has the connection. */
  transaction<O extends { readonly commit: boolean }>(
    signal: AbortSignal,
    work: (session: Session<Tx>) => Promise<O>,
  ): Promise<O>;
  /** Waits for its turn, then closes the connection for good. */
  close(): Promise<void>;
}

export interface LaneOptions<Tx> {
  /** `begin immediate` for the lane of the writers: that is the lock. */
  readonly begin: "begin" | "begin immediate";
  /** Opens a connection. */
  readonly open: () => Promise<Session<Tx>>;
  /** How many connections may be open at once, each for one transaction only. Without it one is kept and used by turns. */
  readonly atOnce?: number;
}

/** For how long the event loop may be kept, in milliseconds. */
const BREATH_MS = 5;

export function createLane<Tx extends object>({ begin, open, atOnce }: LaneOptions<Tx>): Lane<Tx> {
  const places = atOnce ?? 1;
  const queue = createQueue(places);
  const turns = createTurns();
  const take = begin === "begin immediate" ? turns.take : whileBusy;
  let kept: Session<Tx> | undefined;
  let closed = false;
  let breathed = 0;

  /** A connection with a transaction begun on it. Throws what the driver throws. */
  async function begun(): Promise<Session<Tx>> {
    if (kept !== undefined && hasLostItsFile(kept)) await drop(kept);
    const session = kept ?? (await open());
    if (atOnce === undefined) kept = session;
    assertIdle(session.connection.inTransaction());
    try {
      await session.connection.exec(begin);
      return session;
    } catch (error) {
      if (isBusy(error) && session === kept) throw error;
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
    if (kept === session) kept = undefined;
    await cutOff(session);
    // A driver may let go of the file only then.
    breathed = Number.NEGATIVE_INFINITY;
  }

  return {
    async transaction(signal, work) {
      const end = await queue.turn(signal);
      try {
        if (closed) throw new ConfigurationError("The adapter has been closed. Make a new one to go on.");
        await breathe();
        const session = await translated(signal, () => take(signal, begun));
        let usable = false;
        try {
          const outcome = await untilAborted(work(session), signal);
          if (outcome.commit) await commit(session);
          // Whatever was thrown, some part of the host's function may still run: that connection is nobody's any more.
          usable = outcome.commit || (await rollback(session));
          return outcome;
        } finally {
          if (!usable || atOnce !== undefined) await drop(session);
          turns.over();
        }
      } finally {
        end();
      }
    },
    async close() {
      const never = new AbortController().signal;
      const ends = await Promise.all(Array.from({ length: places }, () => queue.turn(never)));
      closed = true;
      try {
        await kept?.connection.close();
      } finally {
        kept = undefined;
        for (const end of ends) end();
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
