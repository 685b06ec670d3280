import { InviteForm } from "@x/entitlements-react";
import type { ReactElement } from "react";
import { seats } from "../../seats.ts";
import { failureText } from "../api/request.ts";
import { Dialog } from "../elements/dialog.tsx";
import { useOrganisation } from "../organisations/organisation.ts";
import { type Invitation, invite, type Member, rolesOnOffer } from "./members.ts";

export interface InviteDialogProps {
  readonly members: readonly Member[];
  readonly invitations: readonly Invitation[];
  readonly onSent: () => void;
  readonly onClose: () => void;
}

export function InviteDialog({ members, invitations, onSent, onClose }: InviteDialogProps): ReactElement {
  const { id, name, role } = useOrganisation();
  return (
    <Dialog title={`Invite to ${name}`} onClose={onClose}>
      <p className="muted">This demo sends no mail: copy the link of each invitation from the list of open ones.</p>
      <InviteForm
        seats={seats}
        only={rolesOnOffer(role)}
        defaultRole="member"
        onInvite={(email, invited) => invite(id, email, invited)}
        members={members.map(({ email }) => email)}
        invited={invitations.map(({ email }) => email)}
        errorText={failureText}
        onSent={onSent}
      />
    </Dialog>
  );
}
