import { isWithinCall } from "@x/entitlements-core/adapter";
import { ConfigurationError } from "@x/entitlements-core/errors";

/** Which file each adapter of this process works on. */
const files = new WeakMap<object, string>();

export function knowFile(adapter: object, file: string): void {
  files.set(adapter, file);
}

/**
 * Refuses to wait for a lock that is held by the very function which waits: through another adapter on the same file, or
 * with another connection as `tx`. The core sees only those who share the adapter.
 */
export function assertLockNotHeldHere(file: string): void {
  if (!isWithinCall((adapter, reads) => !reads && files.get(adapter) === file)) return;
  throw new ConfigurationError(
    "This call was made inside a function that holds the write lock of the same SQLite file, so it would wait for itself. " +
      "Pass on the `tx` that the function was given.",
  );
}

/** Refuses to wait for the end of the function that asks for it. */
export function assertMayClose(adapter: object): void {
  if (!isWithinCall((other) => other === adapter)) return;
  throw new ConfigurationError(
    "close() was called inside a function that the adapter runs, so it would wait for itself. Close it after that function.",
  );
}
