import { useCallback } from "react";
import { type CheckResult, checkUsage } from "../data/check.ts";
import { useEntitlementsContext } from "../provider/context.ts";

/** Asks whether more would fit. Denied unless the data is there and this organisation's; the server has the last word. */
export function useCheck(): (resourceType: string, amount?: number) => CheckResult {
  const { state } = useEntitlementsContext();
  return useCallback((resourceType, amount = 1) => checkUsage(state, resourceType, amount), [state]);
}
