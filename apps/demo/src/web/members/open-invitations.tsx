import { type Messages, PendingInvitations } from "@x/entitlements-react";
import { type ReactElement, useMemo } from "react";
import { seats } from "../../seats.ts";
import { failureText } from "../api/request.ts";
import { useMessages } from "../organisations/admins.ts";
import { type Invitation, revoke } from "./members.ts";

export interface OpenInvitationsProps {
  readonly invitations: readonly Invitation[] | undefined;
  readonly error: unknown;
  readonly onChanged: () => Promise<unknown>;
}

class ClipboardError extends Error {}

/** The open invitations. No mail is sent here, so what is given to people again is the link. */
export function OpenInvitations({ invitations, error, onChanged }: OpenInvitationsProps): ReactElement {
  const own = useMessages();
  const messages = useMemo(() => ({ ...own, ...copying }), [own]);
  const copy = async ({ id }: Invitation) => {
    const link = `${location.origin}/invitations/${id}`;
    try {
      await navigator.clipboard.writeText(link);
    } catch {
      // Without a secure connection there is no clipboard to be had.
      throw new ClipboardError(`Copy this link: ${link}`);
    }
  };
  const takeBack = async ({ id }: Invitation) => {
    await revoke(id);
    await onChanged();
  };
  return (
    <PendingInvitations
      invitations={invitations}
      error={error}
      onRetry={() => void onChanged()}
      seats={seats}
      onResend={copy}
      onRevoke={takeBack}
      errorText={(failure) => (failure instanceof ClipboardError ? failure.message : failureText(failure))}
      messages={messages}
    />
  );
}

const copying: Partial<Messages> = {
  pendingResend: () => "Copy link",
  pendingOutcome({ action, outcome, email }) {
    if (action === "resend") return outcome === "pending" ? "Copying…" : `The link for ${email} is copied`;
    return outcome === "pending" ? "Revoking…" : `The invitation of ${email} is revoked`;
  },
};
