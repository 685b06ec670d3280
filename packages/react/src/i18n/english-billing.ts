import type { BillingMessages } from "./billing-messages.ts";

export const englishBilling: BillingMessages = {
  billingTitle: () => "Plan and usage",
  billingPlanLoading: () => "Loading plan",
  billingPlan: ({ name }) => `${name} plan`,
  billingRenews: ({ when, ends }) => `${ends ? "Ends" : "Renews"} ${when}`,
  billingBanner: ({ status, labels }, { list }) => {
    if (status === "over") return `Over the limit: ${list(labels)}. What is there stays; nothing can be added.`;
    return `${status === "at" ? "Limit reached" : "Close to the limit"}: ${list(labels)}.`;
  },
  billingNeedMore: () => "Need more?",
  billingAsk: ({ names }, { list }) => `Ask ${list(names)}.`,
};
