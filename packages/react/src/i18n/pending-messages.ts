import type { Format } from "./format.ts";

/** What the list of open invitations says. */
export interface PendingMessages {
  pendingTitle(): string;
  pendingEmpty(): string;
  pendingLoading(): string;
  pendingFailed(): string;
  /** `when` is formatted already. */
  pendingExpires(values: { readonly when: string }): string;
  pendingExpired(): string;
  /** On the button; read aloud with the address after it, as is `pendingRevoke`. */
  pendingResend(): string;
  pendingRevoke(): string;
  /** "Frees 1 admin seat". `bucket` is the resource type, `label` what the server calls all of these seats. */
  pendingFrees(values: { readonly bucket: string; readonly label: string }, format: Format): string;
  /** How the latest call for one invitation ended. */
  pendingOutcome(values: {
    readonly action: "resend" | "revoke";
    readonly outcome: "pending" | "done" | "failed";
    readonly email: string;
  }): string;
}
