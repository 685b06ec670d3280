import { nameOf } from "../data/row.ts";
import { englishBilling } from "./english-billing.ts";
import { englishInvite } from "./english-invite.ts";
import { englishPending } from "./english-pending.ts";
import { englishSeats } from "./english-seats.ts";
import { englishUsage, inSentence } from "./english-usage.ts";
import type { Messages } from "./messages.ts";

/** The messages in English. */
export const english: Messages = {
  ...englishUsage,
  ...englishSeats,
  ...englishInvite,
  ...englishPending,
  ...englishBilling,

  refreshFailed: () => "Could not be refreshed: these are the last known numbers.",
  empty: () => "No limits configured",
  emptyHint: () => "Nothing is limited here.",
  usageTitle: () => "Usage",
  // A category is in the singular, as in "seat:admin".
  group: ({ category }) => `${nameOf(category)}s`,

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
  reason: ({ reason, label }) =>
    ({
      loading: "Checking your plan…",
      error: "Your plan could not be checked.",
      unconfigured: `No limit is configured${label === null ? "" : ` for ${inSentence(label)}`}.`,
      blocked: label === null ? "Not in your plan." : `${label}: not in your plan.`,
      limit: label === null ? "Limit reached." : `${label} limit reached.`,
      amount: "The amount must be a whole number of at least 1.",
    })[reason],
};
