import { englishBilling } from "./english-billing.ts";
import { englishInvite } from "./english-invite.ts";
import { englishPending } from "./english-pending.ts";
import { englishSeats } from "./english-seats.ts";
import { capitalized, englishUsage, inSentence } from "./english-usage.ts";
import type { Messages } from "./messages.ts";

const GROUPS: Readonly<Record<string, string>> = { seat: "Seats", quota: "Quotas", feature: "Features" };

/** The messages in English. */
export const english: Messages = {
  ...englishUsage,
  ...englishSeats,
  ...englishInvite,
  ...englishPending,
  ...englishBilling,

  refreshFailed: () => "Usage could not be refreshed. These are the last known numbers.",
  empty: () => "No limits configured",
  emptyHint: () => "Nothing is limited here.",
  usageTitle: () => "Usage",
  group: ({ category }) => GROUPS[category] ?? capitalized(category),

  denied: ({ kind, label }) => {
    if (kind === "feature") return label === null ? "Not in your plan" : `${label} is not in your plan`;
    return label === null ? "Limit reached" : `${label} limit reached`;
  },
  deniedHint: (denial, { number }) => {
    if (denial.kind === "feature") return "It is switched off. Nothing was changed.";
    const { current, limit, requested } = denial;
    const asked = requested === 1 ? "" : ` This would have added ${number(requested)}.`;
    return `${number(current)} of ${number(limit)} in use.${asked} Nothing was changed.`;
  },
  seeUsage: () => "See usage",
  upgrade: () => "Upgrade",
  contactAdmin: () => "Contact your admin.",
  dismiss: () => "Dismiss",
  reason: ({ reason, label }) => {
    switch (reason) {
      case "loading":
        return "Checking your plan…";
      case "error":
        return "Your plan could not be checked.";
      case "unconfigured":
        return label === null ? "No limit is configured." : `No limit is configured for ${inSentence(label)}.`;
      case "blocked":
        return label === null ? "Not in your plan." : `${label}: not in your plan.`;
      case "limit":
        return label === null ? "Limit reached." : `${label} limit reached.`;
      case "amount":
        return "The amount must be a whole number of at least 1.";
    }
  },
};
