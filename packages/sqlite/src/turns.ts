import { setTimeout as sleep } from "node:timers/promises";
import { whileBusy } from "./busy.ts";

/** This process's share of a lock that several processes want. */
export interface Turns {
  /** Takes the lock, after a pause where this process has had it for its share of time. */
  take<T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T>;
  /** Says that the lock was let go of. */
  over(): void;
}

/** Longer than others wait between two tries, so that they find the lock free. */
const PAUSE_MS = 6;
const SHORTEST_SHARE_MS = 20;
const LONGEST_SHARE_MS = 160;

/**
 * Other processes can only try for the lock now and then; one with a long queue that took it again at once would leave
 * them next to nothing. So it pauses, the more seldom the less the pauses are made use of.
 */
export function createTurns(): Turns {
  let share = SHORTEST_SHARE_MS;
  let began = 0;
  let ended = 0;
  return {
    async take(signal, attempt) {
      const rested = performance.now() - ended >= PAUSE_MS;
      const pausing = !rested && ended - began >= share;
      if (pausing) await sleep(PAUSE_MS, undefined, { signal }).catch(() => {});
      let tries = 0;
      const taken = await whileBusy(signal, () => {
        tries += 1;
        return attempt();
      });
      if (pausing) share = tries > 1 ? SHORTEST_SHARE_MS : Math.min(2 * share, LONGEST_SHARE_MS);
      if (rested || pausing || tries > 1) began = performance.now();
      return taken;
    },
    over() {
      ended = performance.now();
    },
  };
}
