import type { PendingMessages } from "./pending-messages.ts";

export const englishPending: PendingMessages = {
  pendingTitle: () => "Open invitations",
  pendingEmpty: () => "No open invitations",
  pendingLoading: () => "Loading invitations",
  pendingFailed: () => "Invitations could not be loaded",
  pendingExpires: ({ when }) => `Expires ${when}`,
  pendingExpired: () => "Expired",
  pendingResend: () => "Resend",
  pendingResendAloud: ({ email }) => `Resend to ${email}`,
  pendingRevoke: () => "Revoke",
  pendingRevokeAloud: ({ email }) => `Revoke invitation of ${email}`,
  // From the resource type, since a label ("Admin seats") is not in the singular.
  pendingFrees: ({ bucket }, { number }) => {
    const [category = "seat", name = ""] = bucket.split(":");
    return `Frees ${number(1)} ${name.replaceAll("_", " ")} ${category}`;
  },
  pendingOutcome: ({ action, outcome, email }) => OUTCOME[action][outcome](email),
};

const OUTCOME = {
  resend: {
    pending: () => "Sending again…",
    done: (email: string) => `Sent again to ${email}`,
    failed: (email: string) => `The invitation of ${email} could not be sent again`,
  },
  revoke: {
    pending: () => "Revoking…",
    done: (email: string) => `The invitation of ${email} is revoked`,
    failed: (email: string) => `The invitation of ${email} could not be revoked`,
  },
};
