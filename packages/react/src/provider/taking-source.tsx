import type { UsageResponse } from "@x/entitlements-core/wire";
import {
  type ForwardRefRenderFunction,
  forwardRef,
  type PropsWithoutRef,
  type ReactNode,
  useInsertionEffect,
  useMemo,
  useRef,
} from "react";
import { property } from "../data/property.ts";
import { type EntitlementsState, LOADING, toState } from "../data/state.ts";
import { readUsage } from "../data/usage-request.ts";
import { EntitlementsContext } from "./context.ts";
import type { EntitlementsSettings } from "./settings.ts";

/** Usage that the host has loaded itself, with what else a provider would say. Nothing of a provider above is taken. */
export interface UsageSource extends EntitlementsSettings {
  /** The organisation on screen; null while there is none. */
  readonly orgId: string | null;
  /** The body of the usage endpoint; null or undefined while it is loading. Another organisation's counts as loading. */
  readonly usage: UsageResponse | null | undefined;
  /** Why it could not be loaded. Beside `usage`: why that is not current. */
  readonly error?: Error | null | undefined;
  /** Loads it again: after a call that may have changed it, and by "Try again". A promise should end when it is there. */
  readonly refresh?: (() => unknown) | undefined;
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
    const inner = <Inner {...props} source={undefined} ref={ref} />;
    return props.source ? <Source {...props.source}>{inner}</Source> : inner;
  });
}

function Source({ orgId, usage, error, refresh, children, ...settings }: UsageSource & { children: ReactNode }) {
  const scope = orgId ?? "";
  const liveScope = useRef<string | null>(scope);
  // As the provider's, but kept at the end: with a dialog goes the form, and what it sent is still to be counted.
  useInsertionEffect(() => {
    liveScope.current = scope;
  }, [scope]);
  const state = useMemo(() => stateOf(orgId, usage, error), [orgId, usage, error]);
  const ask = async () => {
    try {
      await refresh?.();
    } catch {
      // The host says so in `error`.
    }
  };
  return (
    <EntitlementsContext.Provider value={{ orgId, scope, liveScope, state, refresh: ask, settings }}>
      {children}
    </EntitlementsContext.Provider>
  );
}

function stateOf(orgId: string | null, usage: unknown, error: unknown): EntitlementsState {
  if (!orgId) return LOADING;
  try {
    return toState(usage ? readUsage(usage, orgId) : undefined, error);
  } catch (cause) {
    // On a change of the organisation the host's data may be a render behind.
    const isOther = property(cause, "code") === "ENTITLEMENT_USAGE_OTHER_ORGANISATION";
    return toState(undefined, error ?? (isOther ? null : cause));
  }
}
