import { useEntitlements } from "@x/entitlements-react";
import { type ReactElement, useState } from "react";
import { Confirmation } from "../elements/confirmation.tsx";
import { useToast } from "../elements/toasts.tsx";
import { useOrganisation } from "../organisations/organisation.ts";
import { MemberRow } from "./member-row.tsx";
import { type Member, removeMember } from "./members.ts";

export interface MembersTableProps {
  readonly members: readonly Member[];
  readonly onChanged: () => Promise<unknown>;
}

export function MembersTable({ members, onChanged }: MembersTableProps): ReactElement {
  const { id, name, manages } = useOrganisation();
  const { refresh } = useEntitlements();
  const say = useToast();
  const [leaving, setLeaving] = useState<Member | null>(null);
  const remove = async (member: Member) => {
    await removeMember(id, member.id);
    await Promise.all([onChanged(), refresh()]);
    say(`${member.name} is no longer a member.`);
  };
  return (
    <>
      <table className="table" data-stacked="true">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Role</th>
            <th scope="col">Member since</th>
            {manages && (
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <MemberRow key={member.id} member={member} onChanged={onChanged} onRemove={() => setLeaving(member)} />
          ))}
        </tbody>
      </table>
      {leaving && (
        <Confirmation
          title={`Remove ${leaving.name}?`}
          action="Remove"
          onConfirm={() => remove(leaving)}
          onClose={() => setLeaving(null)}
        >
          They lose access to {name} at once, and their seat is free again.
        </Confirmation>
      )}
    </>
  );
}
