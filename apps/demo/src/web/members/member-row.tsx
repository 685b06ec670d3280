import { LimitAlert, RoleSelect, useEnforcedMutation, useEntitlements } from "@x/entitlements-react";
import { type ReactElement, useState } from "react";
import { seats } from "../../seats.ts";
import { failureText } from "../api/request.ts";
import { Avatar } from "../elements/avatar.tsx";
import { Button } from "../elements/button.tsx";
import { useToast } from "../elements/toasts.tsx";
import { day } from "../locale.ts";
import { useOrganisation } from "../organisations/organisation.ts";
import { useSignedIn } from "../session/signed-in.tsx";
import { changeRole, type Member, type Role, rolesIn, rolesOnOffer } from "./members.ts";

export interface MemberRowProps {
  readonly member: Member;
  readonly onChanged: () => Promise<unknown>;
  readonly onRemove: () => void;
}

const hidden = { label: { className: "visually-hidden" } };
const hiddenWithReasons = { ...hidden, reasons: { className: "visually-hidden" } };

export function MemberRow({ member, onChanged, onRemove }: MemberRowProps): ReactElement {
  const { id, role: ownRole, manages } = useOrganisation();
  const { user } = useSignedIn();
  const { status } = useEntitlements();
  const say = useToast();
  const held = rolesIn(member.role);
  const offered = rolesOnOffer(ownRole);
  const isMe = member.userId === user.id;
  // Nobody changes themselves here, and only owners change owners.
  const isMine = manages && !isMe && held.every((role) => offered.includes(role));
  // What was chosen, until it is known whether it holds.
  const [wanted, setWanted] = useState<Role | null>(null);
  const { run, isPending, limitError, error, reset } = useEnforcedMutation(async (role: Role) => {
    await changeRole(id, member.id, role);
    await onChanged();
  });
  const choose = async (role: Role) => {
    setWanted(role);
    const { status } = await run(role);
    setWanted(null);
    if (status === "done") say(`${member.name} is ${role} now.`);
  };
  const isRefused = limitError !== null || Boolean(error);
  return (
    <>
      <tr>
        <th scope="row">
          <span className="person">
            <Avatar name={member.name} />
            <span className="person-text">
              <span className="person-name">
                {member.name} {isMe && <span className="badge">You</span>}
              </span>
              <span className="muted small">{member.email}</span>
            </span>
          </span>
        </th>
        <td>
          {isMine ? (
            <RoleSelect
              label={`Role of ${member.name}`}
              seats={seats}
              value={wanted ?? held[0] ?? null}
              {...(held[0] && { heldRole: held[0] })}
              only={offered}
              disabled={isPending}
              onValueChange={(role) => void choose(role)}
              // The reasons are the same in every row: the page shows them once, unless it is that nothing is known.
              slotProps={status === "ready" ? hiddenWithReasons : hidden}
            />
          ) : (
            <span className="role">{member.role.replaceAll(",", ", ")}</span>
          )}
        </td>
        <td className="muted">{day.format(new Date(member.createdAt))}</td>
        {manages && (
          <td>
            <div className="actions">
              {isMine && (
                <Button kind="quiet" size="small" onClick={onRemove} aria-label={`Remove ${member.name}`}>
                  Remove
                </Button>
              )}
            </div>
          </td>
        )}
      </tr>
      {manages && (
        <tr data-note="true" hidden={!isRefused}>
          <td colSpan={4}>
            <LimitAlert error={limitError} onDismiss={reset} />
            <p role="alert" className="failure">
              {error ? `The role of ${member.name} is as before. ${failureText(error)}` : null}
            </p>
          </td>
        </tr>
      )}
    </>
  );
}
