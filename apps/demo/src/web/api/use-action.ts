import { useCallback, useEffect, useRef, useState } from "react";

export interface Action<Args extends readonly unknown[]> {
  /** Resolves to whether it went well. While one runs, another call does nothing. */
  readonly run: (...args: Args) => Promise<boolean>;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly reset: () => void;
}

/** Runs a call that no limit can refuse, one at a time. */
export function useAction<Args extends readonly unknown[]>(fn: (...args: Args) => Promise<unknown>): Action<Args> {
  const [isPending, setIsPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const isRunning = useRef(false);
  const latest = useRef(fn);
  useEffect(() => {
    latest.current = fn;
  }, [fn]);
  const run = useCallback(async (...args: Args) => {
    if (isRunning.current) return false;
    isRunning.current = true;
    setIsPending(true);
    setError(null);
    try {
      await latest.current(...args);
      return true;
    } catch (failure) {
      setError(failure);
      return false;
    } finally {
      isRunning.current = false;
      setIsPending(false);
    }
  }, []);
  const reset = useCallback(() => setError(null), []);
  return { run, isPending, error, reset };
}
