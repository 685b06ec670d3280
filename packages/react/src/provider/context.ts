import { createContext, type RefObject, useContext } from "react";
import type { EntitlementsState } from "../data/state.ts";
import type { EntitlementsSettings } from "./settings.ts";

export interface EntitlementsContextValue {
  readonly orgId: string | null;
  /** Endpoint, organisation and user in one string: what was learnt under another one is not shown. */
  readonly scope: string;
  /** The scope on screen at this moment, also for callbacks that began under another. */
  readonly liveScope: RefObject<string | null>;
  readonly state: EntitlementsState;
  readonly refresh: () => Promise<void>;
  readonly settings: EntitlementsSettings;
}

export const EntitlementsContext: React.Context<EntitlementsContextValue | null> =
  createContext<EntitlementsContextValue | null>(null);

/** The provider's value; throws where there is no provider. */
export function useEntitlementsContext(): EntitlementsContextValue {
  const value = useContext(EntitlementsContext);
  if (value === null) {
    throw new Error("There is no <EntitlementsProvider> above: wrap this part in one, or give a `source`.");
  }
  return value;
}
