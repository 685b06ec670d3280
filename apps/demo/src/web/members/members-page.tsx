import { UsageList } from "@x/entitlements-react";
import { type ReactElement, useState } from "react";
import { Button } from "../elements/button.tsx";
import { Failure, SkeletonRows } from "../elements/states.tsx";
import { Page } from "../navigation/page.tsx";
import { useOrganisation } from "../organisations/organisation.ts";
import { FullSeats } from "./full-seats.tsx";
import { InviteDialog } from "./invite-dialog.tsx";
import { useInvitations, useMembers } from "./members.ts";
import { MembersTable } from "./members-table.tsx";
import { OpenInvitations } from "./open-invitations.tsx";

const isSeat = ({ resourceType }: { readonly resourceType: string }) => resourceType.startsWith("seat:");

export function MembersPage(): ReactElement {
  const { id, name, manages } = useOrganisation();
  const members = useMembers(id);
  const invitations = useInvitations(manages ? id : null);
  const [isInviting, setIsInviting] = useState(false);
  return (
    <Page
      title="Members"
      of={name}
      description={manages ? "Who belongs here, in which role. Open invitations keep a seat." : "Who belongs here."}
      actions={
        manages && (
          <Button kind="primary" onClick={() => setIsInviting(true)}>
            Invite
          </Button>
        )
      }
    >
      {manages && (
        <div className="card seats">
          <UsageList heading={null} aria-label="Seats" filter={isSeat} skeletonRows={2} />
          <FullSeats />
        </div>
      )}
      <section className="card" data-flush="true" aria-label="Members">
        {members.data ? (
          <MembersTable members={members.data.members} onChanged={members.mutate} />
        ) : members.error ? (
          <Failure
            title="The members could not be loaded"
            error={members.error}
            onRetry={() => void members.mutate()}
          />
        ) : (
          <SkeletonRows rows={3} label="Loading members" />
        )}
      </section>
      {manages && (
        <OpenInvitations
          invitations={invitations.data?.invitations}
          error={invitations.data ? undefined : invitations.error}
          onChanged={invitations.mutate}
        />
      )}
      {isInviting && (
        <InviteDialog
          members={members.data?.members ?? []}
          invitations={invitations.data?.invitations ?? []}
          onSent={() => void invitations.mutate()}
          onClose={() => setIsInviting(false)}
        />
      )}
    </Page>
  );
}
