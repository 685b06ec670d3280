import { nameOf } from "../data/row.ts";
import { inSentence } from "./english-usage.ts";
import type { SeatMessages } from "./seat-messages.ts";

export const englishSeats: SeatMessages = {
  roleName: ({ role }) => nameOf(role),
  chooseRole: () => "Choose a role",
  seatsFree: ({ free }, { number }) => `${number(free)} free`,
  seatsFull: () => "Full",
  rolesUnavailable: ({ reason, label, roles, current, limit }, { list, number }) => {
    const why =
      reason === "unconfigured"
        ? `No limit is configured for ${inSentence(label)}`
        : `${label} are ${reason === "blocked" ? "not in your plan" : `full (${number(current)} of ${number(limit ?? 0)})`}`;
    return `${why}: ${list(roles)} cannot be chosen.`;
  },
};
