import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** After how many closed connections a collection is asked for. Each may hold two descriptors; a process may have 256. */
const OFTEN = 32;

let closed = 0;
let collect: unknown;
let next: Promise<void> | undefined;

/**
 * For a driver that lets go of a closed connection's file only when its statements have been collected: asks for a
 * collection now and then, since nothing else tells the engine that descriptors run short.
 */
export function collectSoon(): void {
  closed += 1;
  if (closed % OFTEN === 0) collectNext();
}

/** Asks for a collection once the code that is running has let go of what it holds. */
export function collectNext(): void {
  if (collect === undefined) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc");
  }
  next ??= new Promise((resolve) => {
    setImmediate(() => {
      next = undefined;
      if (typeof collect === "function") collect();
      resolve();
    });
  });
}

/** The collection that has been asked for, if there is one. */
export function nextCollection(): Promise<void> | undefined {
  return next;
}
