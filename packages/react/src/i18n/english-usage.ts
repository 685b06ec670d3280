import type { UsageMessages } from "./messages.ts";

/** What a bar says in English: a module of its own, so that a page with nothing but bars loads no more. */
export const englishUsage: UsageMessages = {
  usage: ({ current, limit }, { number }) => `${number(current)} of ${number(limit)}`,
  usageAloud: (counts, format) => {
    const { label, current, limit, reserved } = counts;
    const parts = [`${englishUsage.usage(counts, format)} ${inSentence(label)}`];
    if (current > limit) parts.push(englishUsage.overBy({ over: current - limit }, format));
    else if (current === limit) parts.push("limit reached");
    if (reserved > 0) parts.push(englishUsage.reserved({ reserved }, format));
    return parts.join(", ");
  },
  used: ({ current }, { number }) => `${number(current)} used`,
  left: ({ remaining }, { number }) => `${number(remaining)} left`,
  overBy: ({ over }, { number }) => `${number(over)} over the limit`,
  reserved: ({ reserved }, { number }) => `${number(reserved)} reserved`,
  resets: ({ when }) => `Resets ${when}`,
  near: () => "Near limit",
  at: () => "Limit reached",
  over: () => "Over limit",
  unlimited: () => "Unlimited",
  blocked: () => "Not in your plan",
  unconfigured: () => "No limit configured",
  included: () => "Included",
  loading: () => "Loading usage",
  error: () => "Usage could not be loaded",
  retry: () => "Try again",
};

// "Admin seats" reads "admin seats" inside a sentence; "SSO users" stays.
export function inSentence(label: string): string {
  return label.replace(/^\p{Lu}(?=\p{Ll})/u, (first) => first.toLowerCase());
}
