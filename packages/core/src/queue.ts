/** A line of waiting callers, first come first served. */
export interface Queue {
  /** Waits for the turn; the function it resolves to ends it. Rejects with `signal.reason` when aborted, leaving the line. */
  turn(signal: AbortSignal): Promise<() => void>;
}

/** Lets in as many at a time as there are places. */
export function createQueue(places = 1): Queue {
  const waiting = new Set<() => void>();
  let free = places;

  // Ends a turn once: a second call must not let two callers in.
  const ticket = (): (() => void) => {
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      const next = waiting.values().next();
      if (next.done) free += 1;
      else next.value();
    };
  };

  return {
    turn(signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      if (free > 0) {
        free -= 1;
        return Promise.resolve(ticket());
      }
      return new Promise((resolve, reject) => {
        const leave = () => {
          waiting.delete(enter);
          reject(signal.reason);
        };
        const enter = () => {
          waiting.delete(enter);
          signal.removeEventListener("abort", leave);
          resolve(ticket());
        };
        waiting.add(enter);
        signal.addEventListener("abort", leave, { once: true });
      });
    },
  };
}
