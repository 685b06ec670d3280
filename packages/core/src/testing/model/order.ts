import type { Done } from "./calls.ts";
import { after, type State } from "./organisation.ts";

/** How far a sequential order of what happened could be found. */
export interface Order {
  readonly found: boolean;
  /** The longest order that could be followed, and the state that it led to. */
  readonly followed: readonly Done[];
  readonly state: State;
  /** Where it ended: one of these should have been possible next. */
  readonly stuck: readonly Done[];
}

/**
 * Looks for one order of everything that happened in which each outcome is what the model expects. Each lane was done in
 * its own order, and who had ended before another began comes before it.
 */
export function findOrder(lanes: readonly (readonly Done[])[]): Order {
  const tried = new Set<string>();
  let furthest: Order = { found: false, followed: [], state: {}, stuck: [] };

  function follow(place: readonly number[], state: State, followed: readonly Done[]): boolean {
    const here = JSON.stringify([place, state]);
    if (tried.has(here)) return false;
    tried.add(here);
    const waiting = lanes.flatMap((lane, index) => lane[place[index] ?? 0] ?? []);
    const soonest = Math.min(...waiting.map(({ to }) => to));
    const next = waiting.filter(({ from }) => from <= soonest);
    if (followed.length >= furthest.followed.length)
      furthest = { found: next.length === 0, followed, state, stuck: next };
    if (next.length === 0) return true;
    return lanes.some((lane, index) => {
      const done = lane[place[index] ?? 0];
      if (done === undefined || !next.includes(done)) return false;
      const onwards = place.map((at, other) => (other === index ? at + 1 : at));
      return after(state, done).some((changed) => follow(onwards, changed, [...followed, done]));
    });
  }

  follow(
    lanes.map(() => 0),
    {},
    [],
  );
  return furthest;
}
