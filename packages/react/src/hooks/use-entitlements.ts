import type { EntitlementsState } from "../data/state.ts";
import { useEntitlementsContext } from "../provider/context.ts";

/** Everything known about the organisation on screen, and `refresh` to ask again. */
export type Entitlements = EntitlementsState & { readonly refresh: () => Promise<void> };

/** The usage of the organisation on screen: `loading`, `error` or `ready`. An error is never an empty list. */
export function useEntitlements(): Entitlements {
  const { state, refresh } = useEntitlementsContext();
  return { ...state, refresh };
}
