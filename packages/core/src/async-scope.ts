/** Knows which asynchronous work runs inside which call. */
export interface AsyncScope<Value> {
  run<T>(value: Value | undefined, work: () => T): T;
  current(): Value | undefined;
  /** False where the runtime has no async context. */
  readonly detects: boolean;
}

/**
 * Async context where the runtime has it (Node ≥ 20.16, Bun, Deno), taken without an import so that this package
 * also loads where there is none; there nothing is detected and a nested call ends by its time-out.
 * @see https://nodejs.org/api/process.html#processgetbuiltinmoduleid
 */
export function createAsyncScope<Value>(): AsyncScope<Value> {
  const AsyncLocalStorage = globalThis.process?.getBuiltinModule?.("node:async_hooks")?.AsyncLocalStorage;
  if (AsyncLocalStorage === undefined)
    return { run: (_value, work) => work(), current: () => undefined, detects: false };
  const storage = new AsyncLocalStorage<Value | undefined>();
  return { run: (value, work) => storage.run(value, work), current: () => storage.getStore(), detects: true };
}
