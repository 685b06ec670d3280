import type { Usage } from "@x/entitlements-core/wire";
import { rowOf } from "./row.ts";
import type { EntitlementsState } from "./state.ts";

/** Why a check says no. `error` and `loading` deny as well: what is not known is not allowed. */
export type CheckReason = "loading" | "error" | "unconfigured" | "blocked" | "limit" | "amount";

export type CheckResult =
  | { readonly allowed: true; readonly reason: null }
  | { readonly allowed: false; readonly reason: CheckReason };

const denied = (reason: CheckReason): CheckResult => ({ allowed: false, reason });

/** Whether `amount` more units fit as far as this browser knows. The server decides. */
export function checkUsage(state: EntitlementsState, resourceType: string, amount: number): CheckResult {
  if (amount < 1 || !Number.isSafeInteger(amount)) return denied("amount");
  const { usage, status } = rowOf(state, resourceType);
  return usage === null ? denied(status) : checkRow(usage, amount);
}

function checkRow({ kind, limit, current }: Usage, amount: number): CheckResult {
  if (limit === null) return { allowed: true, reason: null };
  if (limit === 0) return denied(current > 0 ? "limit" : "blocked");
  // A feature that is on is not used up.
  if (kind === "feature" || current + amount <= limit) return { allowed: true, reason: null };
  return denied("limit");
}
