import type { CheckReason } from "../data/check.ts";
import { inSentence } from "./english-usage.ts";
import type { SeatMessages } from "./seat-messages.ts";

export const englishSeats: SeatMessages = {
  roleName: ({ role }) => {
    const words = role.replaceAll(/[_-]+/g, " ");
    return words.charAt(0).toUpperCase() + words.slice(1);
  },
  chooseRole: () => "Choose a role",
  seatsFree: ({ free }, { number }) => `${number(free)} free`,
  seatsFull: () => "Full",
  rolesUnavailable: ({ reason, label, roles, current, limit }, { list, number }) => {
    const why = WHY[reason]?.(label) ?? `${label} are full (${number(current)} of ${number(limit ?? 0)})`;
    return `${why}: ${list(roles)} cannot be chosen.`;
  },
};

const WHY: { readonly [R in CheckReason]?: (label: string) => string } = {
  loading: () => "Your plan is being checked",
  error: () => "Your plan could not be checked",
  blocked: (label) => `${label} are not in your plan`,
  unconfigured: (label) => `No limit is configured for ${inSentence(label)}`,
};
