import type { Format } from "./format.ts";

/** What the card of plan and usage says. */
export interface BillingMessages {
  billingTitle(): string;
  billingPlanLoading(): string;
  billingPlan(values: { readonly name: string }): string;
  /** `when` is formatted already. `ends`: the plan was cancelled. */
  billingRenews(values: { readonly when: string; readonly ends: boolean }): string;
  /** Resources that need attention. */
  billingBanner(
    values: { readonly status: "near" | "at" | "over"; readonly labels: readonly string[] },
    format: Format,
  ): string;
  billingNeedMore(): string;
  /** For those who may not change the plan. `names` are those who may. */
  billingAsk(values: { readonly names: readonly string[] }, format: Format): string;
}
