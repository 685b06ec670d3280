import { type ReactElement, type ReactNode, useEffect, useInsertionEffect, useMemo, useRef } from "react";
import { EntitlementsContext, type EntitlementsContextValue } from "./context.ts";
import type { EntitlementsSettings, EntitlementsSource } from "./settings.ts";
import { useUsage } from "./use-usage.ts";

export type EntitlementsProviderProps = EntitlementsSource &
  EntitlementsSettings & {
    readonly children?: ReactNode;
  };

/** Loads one organisation's usage for everything below it. Changing `orgId` forgets the previous one at once. */
export function EntitlementsProvider(props: EntitlementsProviderProps): ReactElement {
  const { orgId, userId, endpoint, fetcher, initialData, children, ...settings } = props;
  const { state, refresh } = useUsage({ orgId, userId, endpoint, fetcher, initialData });
  const scope = JSON.stringify([endpoint ?? null, orgId, userId ?? null]);

  const liveScope = useRef<string | null>(scope);
  // Of all effects the only one that is not undone while a <Suspense> above shows its fallback.
  useInsertionEffect(() => {
    liveScope.current = scope;
    return () => {
      liveScope.current = null;
    };
  }, [scope]);

  const { locale, messages, usageUrl, upgradeUrl, linkComponent, canManageBilling, onEvent } = settings;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the settings one by one, as the object that holds them is always a new one
  const value = useMemo<EntitlementsContextValue>(
    () => ({ orgId, scope, liveScope, state, refresh, settings }),
    [orgId, scope, state, refresh, locale, messages, usageUrl, upgradeUrl, linkComponent, canManageBilling, onEvent],
  );
  useFailureEvent(value);
  return <EntitlementsContext.Provider value={value}>{children}</EntitlementsContext.Provider>;
}

function useFailureEvent({ orgId, state, settings: { onEvent } }: EntitlementsContextValue): void {
  const reported = useRef<Error | null>(null);
  const { error } = state;
  useEffect(() => {
    if (error === null || orgId === null || reported.current === error) return;
    reported.current = error;
    onEvent?.({ type: "load-failed", orgId, error });
  }, [error, orgId, onEvent]);
}
