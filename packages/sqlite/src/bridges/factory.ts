import { ConfigurationError } from "@x/entitlements-core/errors";

/** Has every method that is named. */
export function hasMethods(value: unknown, ...names: readonly string[]): boolean {
  return names.every((name) => typeof Reflect.get(Object(value), name) === "function");
}

/** The host's factory, checked: `wants` is said where it is none, or opens something else, such as a promise. */
export function checkedFactory<T>(open: () => T, opens: (opened: T) => boolean, wants: string): () => T {
  if (typeof open !== "function") throw new ConfigurationError(wants);
  return () => {
    const opened = open();
    if (!opens(opened)) throw new ConfigurationError(wants);
    return opened;
  };
}

/** Throws a `ConfigurationError` where the caller's `tx` is not what the bridge joins. */
export function assertJoinable(joinable: boolean, what: string): void {
  if (joinable) return;
  throw new ConfigurationError(`\`tx\` is no ${what}. Pass the one on which you began the transaction.`);
}

/** Throws a `ConfigurationError` on a connection that is closed. */
export function assertNotClosed(closed: boolean): void {
  if (closed) throw new ConfigurationError("`tx` is closed. Pass the connection on which you began the transaction.");
}
