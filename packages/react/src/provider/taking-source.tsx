import type { UsageResponse } from "@x/entitlements-core/wire";
import { type ForwardRefRenderFunction, forwardRef, type PropsWithoutRef, useMemo } from "react";
import { type EntitlementsState, LOADING } from "../data/state.ts";
import { readUsage } from "../data/usage-request.ts";
import { EntitlementsContext } from "./context.ts";
import type { EntitlementsSettings } from "./settings.ts";

/** Usage that the host has loaded itself, with what else a provider would say. */
export interface UsageSource extends EntitlementsSettings {
  /** The body of the usage endpoint; null while it is loading. */
  readonly usage: UsageResponse | null;
  /** Why it could not be loaded. Wins over `usage`. */
  readonly error?: Error | null | undefined;
  /** Loads it again: after a refusal, and by "Try again". */
  readonly refresh?: (() => Promise<unknown>) | undefined;
}

export interface SourceProps {
  /** Usage of your own; no provider is wanted then. */
  readonly source?: UsageSource | undefined;
}

/** As `forwardRef`, for a component of the provider's that takes its usage from `source` where it is given one. */
export function takingSource<Props extends SourceProps, Element>(
  render: ForwardRefRenderFunction<Element, PropsWithoutRef<Props>>,
) {
  // biome-ignore lint/correctness/noComponentHookFactories: called once for each component, when its module is loaded
  const Inner = forwardRef<Element, Props>(render);
  // biome-ignore lint/correctness/noComponentHookFactories: see above
  return forwardRef<Element, Props>(function TakingSource(props, ref) {
    const { usage = null, error = null, refresh, ...settings } = props.source ?? {};
    const facts = useMemo(() => factsOf(usage, error), [usage, error]);
    const inner = <Inner {...props} source={undefined} ref={ref} />;
    if (!props.source) return inner;
    const value = { ...facts, settings, refresh: async () => void (await refresh?.()) };
    return <EntitlementsContext.Provider value={value}>{inner}</EntitlementsContext.Provider>;
  });
}

function factsOf(usage: UsageResponse | null, error: Error | null) {
  const orgId = usage?.orgId ?? null;
  const scope = `${orgId}`;
  return { orgId, scope, liveScope: { current: scope }, state: stateOf(usage, error) };
}

function stateOf(usage: UsageResponse | null, error: Error | null): EntitlementsState {
  if (error) return { status: "error", entitlements: null, error, isStale: false };
  return usage ? { status: "ready", ...readUsage(usage, usage.orgId), error, isStale: false } : LOADING;
}
