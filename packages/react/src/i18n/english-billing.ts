import type { BillingMessages } from "./billing-messages.ts";
import { englishUsage } from "./english-usage.ts";

export const englishBilling: BillingMessages = {
  billingTitle: () => "Plan and usage",
  billingPlanLoading: () => "Loading plan",
  billingPlan: ({ name }) => `${name} plan`,
  billingRenews: ({ when, ends }) => `${ends ? "Ends" : "Renews"} ${when}`,
  billingBanner: ({ status, labels }, { list }) => `${englishUsage[status]()}: ${list(labels)}.`,
  billingNeedMore: () => "Need more?",
  billingAsk: ({ names }, { list }) => `Ask ${list(names)}.`,
};
