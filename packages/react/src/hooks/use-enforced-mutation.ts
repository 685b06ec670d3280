import { useCallback, useEffect, useRef, useState } from "react";
import { type Denial, responseDenial } from "../data/denial.ts";
import { useEntitlementsContext } from "../provider/context.ts";

/** How a call ended. `dropped`: another organisation is on screen by now, so nothing of it is shown. */
export type MutationOutcome<Result> =
  | { readonly status: "done"; readonly data: Result }
  | { readonly status: "denied"; readonly limitError: Denial }
  | { readonly status: "failed"; readonly error: unknown }
  | { readonly status: "dropped" };

export interface EnforcedMutation<Args extends readonly unknown[], Result> {
  /** Runs the call and never rejects. While one runs, another gets that one's outcome, so a double click is one call. */
  readonly run: (...args: Args) => Promise<MutationOutcome<Result>>;
  readonly isPending: boolean;
  /** The refusal of the latest call; give it to `LimitAlert`. */
  readonly limitError: Denial | null;
  /** Any other failure of the latest call. */
  readonly error: unknown;
  readonly data: Result | undefined;
  /** Forgets how the latest call ended; one that still runs goes on. */
  readonly reset: () => void;
}

interface Run<Result> {
  readonly scope: string;
  /** null: still running. */
  readonly outcome: MutationOutcome<Result> | null;
}

interface Flight<Result> {
  readonly scope: string;
  readonly outcome: Promise<MutationOutcome<Result>>;
}

/**
 * Runs a call of the host's that the server may refuse with 402: that becomes `limitError`, and the usage is fetched
 * again once. Nothing is repeated by itself and no input is touched. `onRefreshed` is called when what was fetched is there, or
 * could not be had.
 */
export function useEnforcedMutation<Args extends readonly unknown[], Result>(
  fn: (...args: Args) => Promise<Result>,
  onRefreshed?: () => void,
): EnforcedMutation<Args, Result> {
  const { orgId, scope, liveScope, refresh, settings } = useEntitlementsContext();
  const { onEvent } = settings;
  const [latest, setLatest] = useState<Run<Result> | null>(null);
  const flight = useRef<Flight<Result> | null>(null);
  const call = useRef(fn);
  const refreshed = useRef(onRefreshed);
  useEffect(() => {
    call.current = fn;
    refreshed.current = onRefreshed;
  }, [fn, onRefreshed]);

  const run = useCallback(
    (...args: Args): Promise<MutationOutcome<Result>> => {
      if (flight.current?.scope === scope) return flight.current.outcome;
      const pending = { scope, outcome: null };
      // What has been overtaken by another call says nothing any more.
      const conclude = (end: Run<Result> | null) => setLatest((now) => (now === pending ? end : now));
      setLatest(pending);
      const outcome = settle(() => call.current(...args)).then((settled) => {
        if (flight.current?.outcome === outcome) flight.current = null;
        if (liveScope.current !== scope) {
          conclude(null);
          return { status: "dropped" } as const;
        }
        conclude({ scope, outcome: settled });
        if (settled.status === "denied" && orgId !== null) {
          onEvent?.({ type: "limit-reached", orgId, denial: settled.limitError });
        }
        if (settled.status !== "failed") void refresh().then(() => refreshed.current?.());
        return settled;
      });
      flight.current = { scope, outcome };
      return outcome;
    },
    [scope, liveScope, orgId, onEvent, refresh],
  );
  const reset = useCallback(() => setLatest((now) => (now?.outcome === null ? now : null)), []);

  // What another organisation was told is not shown, not for one frame.
  const mine = latest?.scope === scope ? latest : null;
  const outcome = mine?.outcome ?? null;
  return {
    run,
    isPending: mine !== null && outcome === null,
    limitError: outcome?.status === "denied" ? outcome.limitError : null,
    error: outcome?.status === "failed" ? outcome.error : null,
    data: outcome?.status === "done" ? outcome.data : undefined,
    reset,
  };
}

/** Runs a call and tells a refusal from other failures. */
export async function settle<Result>(
  call: () => Promise<Result>,
): Promise<Exclude<MutationOutcome<Result>, { readonly status: "dropped" }>> {
  const end = await attempt(call);
  const limitError = await responseDenial(end.status === "done" ? end.data : end.error);
  return limitError ? { status: "denied", limitError } : end;
}

async function attempt<Result>(call: () => Promise<Result>) {
  try {
    return { status: "done", data: await call() } as const;
  } catch (error) {
    return { status: "failed", error } as const;
  }
}
