import type { PendingMessages } from "./pending-messages.ts";

export const englishPending: PendingMessages = {
  pendingTitle: () => "Open invitations",
  pendingEmpty: () => "No open invitations",
  pendingLoading: () => "Loading invitations",
  pendingFailed: () => "Invitations could not be loaded",
  pendingExpires: ({ when }) => `Expires ${when}`,
  pendingExpired: () => "Expired",
  pendingResend: () => "Resend",
  pendingRevoke: () => "Revoke",
  // From the resource type, since a label ("Admin seats") is not in the singular.
  pendingFrees: ({ bucket }, { number }) => {
    const [category = "seat", name = ""] = bucket.split(":");
    return `Frees ${number(1)} ${name.replaceAll("_", " ")} ${category}`;
  },
  pendingOutcome: ({ action, outcome, email }) => {
    if (outcome === "pending") return action === "resend" ? "Sending again…" : "Revoking…";
    const what = action === "resend" ? "sent again" : "revoked";
    return `The invitation of ${email} ${outcome === "done" ? "is" : "could not be"} ${what}`;
  },
};
