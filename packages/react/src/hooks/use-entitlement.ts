import { type Limit, percent, remaining } from "@x/entitlements-core/wire";
import { useMemo } from "react";
import { type Row, rowOf } from "../data/row.ts";
import { useEntitlementsContext } from "../provider/context.ts";

/** One resource of the organisation on screen. */
export type Entitlement = Row & {
  /** Units left; null when unlimited or not known: `status` says which. */
  readonly remaining: Limit;
  /** Of the limit; above 100 when over, null when unlimited or not known. */
  readonly percent: number | null;
  readonly resetsAt: Date | null;
};

/** One resource's row with everything needed to show it. */
export function useEntitlement(resourceType: string): Entitlement {
  const { state } = useEntitlementsContext();
  return useMemo(() => {
    const row = rowOf(state, resourceType);
    if (row.usage === null) return { ...row, remaining: null, percent: null, resetsAt: null };
    const { limit, current, resetsAt } = row.usage;
    return {
      ...row,
      remaining: remaining(limit, current),
      percent: percent(limit, current),
      resetsAt: resetsAt === null ? null : new Date(resetsAt),
    };
  }, [state, resourceType]);
}
