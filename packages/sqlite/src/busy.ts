import { setTimeout as sleep } from "node:timers/promises";
import { isBusy } from "./driver-errors.ts";

/**
 * Runs a statement again while another connection holds the write lock. The driver's own waiting would block the event
 * loop and starve other processes; this one waits asynchronously, with jitter. Rejects with `signal.reason`.
 */
export async function whileBusy<T>(signal: AbortSignal, statement: () => T | Promise<T>): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await statement();
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
    await sleep(1 + Math.random() * 3, undefined, { signal }).catch(() => {});
  }
}
