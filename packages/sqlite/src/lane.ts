import { setImmediate as loopTurned } from "node:timers/promises";
import { createQueue, untilAborted } from "@x/entitlements-core/adapter";
import { ConfigurationError, isEntitlementsError } from "@x/entitlements-core/errors";
import { whileBusy } from "./busy.ts";
import { isBusy, storageError } from "./driver-errors.ts";
import { commit, cutOff, guard, rollback, soon } from "./ending.ts";
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
  /** Waits for its turn, then closes the connections for good. */
  close(): Promise<void>;
}

export interface LaneOptions<Tx> {
  /** `begin immediate` for the lane of the writers: that is the lock. */
  readonly begin: "begin" | "begin immediate";
  /** Opens a connection. */
  readonly open: () => Promise<Session<Tx>>;
  /** How many connections may be in use at once; one where nothing is said. */
  readonly atOnce?: number;
  /** Whether a connection that was used cannot be used again. */
  readonly isWorn?: (session: Session<Tx>) => Promise<boolean>;
}

/** For how long the event loop may be kept, in milliseconds. */
const BREATH_MS = 5;

export function createLane<Tx extends object>({ begin, open, atOnce = 1, isWorn }: LaneOptions<Tx>): Lane<Tx> {
  const queue = createQueue(atOnce);
  const turns = createTurns();
  const take = begin === "begin immediate" ? turns.take : whileBusy;
  const idle: Session<Tx>[] = [];
  let closed = false;
  let breathed = 0;

  /** A connection with a transaction begun on it. Throws what the driver throws. */
  async function begun(): Promise<Session<Tx>> {
    const used = idle.pop();
    const session = used ?? (await open());
    const { connection } = session;
    const told = connection.inTransaction();
    const occupied: boolean = typeof told === "boolean" ? told : await told;
    if (used === undefined && occupied) throw new ConfigurationError(OCCUPIED);
    // Something that a function of the host's left running has begun a transaction on it, or its file is gone.
    if (occupied || hasLostItsFile(session)) return afresh(session);
    try {
      // Awaited only where the driver has us wait: each promise costs the most frequent call about a microsecond.
      const beginning = connection.exec(begin);
      if (beginning instanceof Promise) await beginning;
      const guarding = begin === "begin immediate" ? guard(session) : undefined;
      if (guarding instanceof Promise) await guarding;
      return session;
    } catch (error) {
      const busy = isBusy(error);
      if (busy && connection.spoilt?.() !== true) {
        idle.push(session);
        throw error;
      }
      // Its last use has spoilt it: a function of the host's left a read half-way (an iterator), so that it is stuck in the
      // past (SQLITE_BUSY_SNAPSHOT), or its driver refuses everything else.
      if (used !== undefined && !busy) return afresh(session);
      await cutOff(session);
      throw error;
    }
  }

  async function afresh(session: Session<Tx>): Promise<Session<Tx>> {
    await cutOff(session);
    return begun();
  }

  /** Lets the event loop turn now and then: a long line served by a synchronous driver would hold it up to its end. */
  async function breathe(): Promise<void> {
    await loopTurned();
    breathed = performance.now();
  }

  async function usedUp(session: Session<Tx>): Promise<void> {
    // A function that keeps the only connection of its driver to itself keeps us waiting too; the call has to end all the same.
    await soon(cutOff(session));
    // A driver may let go of the file only when the loop turns.
    breathed = Number.NEGATIVE_INFINITY;
  }

  return {
    async transaction(signal, work) {
      const end = await queue.turn(signal);
      try {
        if (closed) throw new ConfigurationError("The adapter has been closed. Make a new one to go on.");
        if (performance.now() - breathed >= BREATH_MS) await breathe();
        const session = await take(signal, begun).catch((error: unknown) => {
          throw isEntitlementsError(error) || (signal.aborted && error === signal.reason) ? error : storageError(error);
        });
        let usable = false;
        try {
          const outcome = await untilAborted(work(session), signal);
          if (outcome.commit) await commit(session, { guarded: begin === "begin immediate", signal });
          // Whatever was thrown, some part of the host's function may still run: that connection is nobody's any more.
          usable = outcome.commit || (await untilAborted(rollback(session), signal));
          if (usable && isWorn !== undefined) usable = !(await isWorn(session));
          return outcome;
        } finally {
          if (usable) idle.push(session);
          else await usedUp(session);
          turns.over();
        }
      } finally {
        end();
      }
    },
    async close() {
      const never = new AbortController().signal;
      const ends = await Promise.all(Array.from({ length: atOnce }, () => queue.turn(never)));
      closed = true;
      try {
        for (const { connection } of idle.splice(0)) await connection.close();
      } finally {
        for (const end of ends) end();
      }
    },
  };
}

const OCCUPIED =
  "The adapter's own connection is in a transaction already: something else uses it. The factory must open a new connection on each call.";
