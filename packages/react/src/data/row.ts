import type { Usage } from "@x/entitlements-core/wire";
import { type DisplayStatus, displayStatus } from "../display-status.ts";
import type { EntitlementsState } from "./state.ts";

/** What is known of one resource. */
export interface Row {
  readonly status: DisplayStatus;
  /** As the server sent it; null unless there is one. */
  readonly usage: Usage | null;
  /** What people call it; null where it is not known (yet). */
  readonly label: string | null;
}

export function rowOf(state: EntitlementsState, resourceType: string): Row {
  const isIt = (row: { readonly resourceType: string }) => row.resourceType === resourceType;
  const broken = state.status === "ready" ? state.unreadable.find(isIt) : undefined;
  const usage = state.entitlements?.find(isIt) ?? null;
  return {
    status: displayStatus({ state: broken ? "error" : state.status, ...usage }),
    usage,
    label: (usage ?? broken)?.label ?? null,
  };
}
