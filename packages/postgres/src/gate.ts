import { createQueue, type Queue } from "@x/entitlements-core/adapter";

/** Lets callers in by keys, each key a few at a time, in the order in which they came. */
export interface Gate {
  /** Waits until every key lets one in; the function it resolves to leaves again. Rejects with `signal.reason` when aborted. */
  enter(keys: readonly string[], signal: AbortSignal): Promise<() => void>;
}

/** One organisation's callers would otherwise take every connection of the pool to wait for one lock with. */
export function createGate(places: number): Gate {
  const lines = new Map<string, { readonly queue: Queue; users: number }>();

  async function enterOne(key: string, signal: AbortSignal): Promise<() => void> {
    const line = lines.get(key) ?? { queue: createQueue(places), users: 0 };
    lines.set(key, line);
    line.users += 1;
    const leave = (): void => {
      line.users -= 1;
      if (line.users === 0) lines.delete(key);
    };
    try {
      const end = await line.queue.turn(signal);
      return () => {
        end();
        leave();
      };
    } catch (error) {
      leave();
      throw error;
    }
  }

  return {
    async enter(keys, signal) {
      const entered: (() => void)[] = [];
      const leave = (): void => {
        for (const end of entered.splice(0)) end();
      };
      try {
        // One after the other in the order of the keys, as locks are taken: two callers never wait for each other.
        for (const key of keys) entered.push(await enterOne(key, signal));
        return leave;
      } catch (error) {
        leave();
        throw error;
      }
    },
  };
}
