import { AsyncLocalStorage } from "node:async_hooks";
import { ConfigurationError } from "@x/entitlements-core/errors";

/** A write lock that a call of the SDK holds, for whatever its function does. */
interface Holding {
  readonly adapter: object;
  readonly file: string;
  readonly outer: Holding | undefined;
  over: boolean;
}

const context = new AsyncLocalStorage<Holding>();

/** Runs what happens while `adapter` holds the write lock of `file`. */
export async function holdingLock<T>(adapter: object, file: string, work: () => Promise<T>): Promise<T> {
  const holding: Holding = { adapter, file, outer: context.getStore(), over: false };
  try {
    return await context.run(holding, work);
  } finally {
    holding.over = true;
  }
}

/**
 * Refuses to wait for a lock that is held by the very function which waits: through another adapter on the same file, or
 * with another connection as `tx`. The core sees only those who share the adapter.
 */
export function assertLockNotHeldHere(file: string): void {
  if (!isHeld((holding) => holding.file === file)) return;
  throw new ConfigurationError(
    "This call was made inside a function that holds the write lock of the same SQLite file, so it would wait for itself. " +
      "Pass on the `tx` that the function was given.",
  );
}

/** Refuses to wait for the end of the function that asks for it. */
export function assertMayClose(adapter: object): void {
  if (!isHeld((holding) => holding.adapter === adapter)) return;
  throw new ConfigurationError(
    "close() was called inside a function that the adapter runs, so it would wait for itself. Close it after that function.",
  );
}

function isHeld(by: (holding: Holding) => boolean): boolean {
  for (let holding = context.getStore(); holding !== undefined; holding = holding.outer) {
    if (!holding.over && by(holding)) return true;
  }
  return false;
}
