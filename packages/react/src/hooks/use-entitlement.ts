import { type Limit, percent, remaining, type Usage } from "@x/entitlements-core/wire";
import type { EntitlementsState } from "../data/state.ts";
import { type DisplayStatus, displayStatus } from "../display-status.ts";
import { useEntitlementsContext } from "../provider/context.ts";

/** One resource of the organisation on screen. */
export interface Entitlement {
  readonly status: DisplayStatus;
  /** The row as the server sent it; null unless there is one. */
  readonly usage: Usage | null;
  /** What people call it; null where it is not known (yet). */
  readonly label: string | null;
  /** Units left; null when unlimited or not known: `status` says which. */
  readonly remaining: Limit;
  /** Of the limit; above 100 when over, null when unlimited or not known. */
  readonly percent: number | null;
  readonly resetsAt: Date | null;
}

/** One resource's row with everything needed to show it. */
export function useEntitlement(resourceType: string): Entitlement {
  const { state } = useEntitlementsContext("useEntitlement()");
  return entitlementOf(state, resourceType);
}

export function entitlementOf(state: EntitlementsState, resourceType: string): Entitlement {
  const ready = state.status === "ready" ? state : null;
  const broken = ready?.unreadable.find((row) => row.resourceType === resourceType);
  const usage = ready?.entitlements.find((row) => row.resourceType === resourceType) ?? null;
  return {
    status: displayStatus({
      state: broken ? "error" : state.status,
      limit: usage?.limit,
      current: usage?.current,
      status: usage?.status,
    }),
    usage,
    label: usage?.label ?? broken?.label ?? null,
    remaining: usage === null ? null : remaining(usage.limit, usage.current),
    percent: usage === null ? null : percent(usage.limit, usage.current),
    resetsAt: usage === null || usage.resetsAt === null ? null : new Date(usage.resetsAt),
  };
}
