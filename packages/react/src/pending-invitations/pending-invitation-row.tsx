import { type ReactElement, useId, useState } from "react";
import { failureIn } from "../data/failure.ts";
import { useEnforcedMutation } from "../hooks/use-enforced-mutation.ts";
import type { Format } from "../i18n/format.ts";
import type { Messages } from "../i18n/messages.ts";
import { useNamed } from "../limit-alert/use-named.ts";
import { WayOn } from "../limit-alert/way-on.tsx";
import { Moment } from "../moment.tsx";
import type { PendingInvitationsSlotProps } from "./slots.ts";

/** An invitation that is neither accepted nor revoked. */
export interface PendingInvitation {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  /** A moment; as text in ISO-8601. */
  readonly expiresAt: Date | string;
}

type Action = "resend" | "revoke";

export interface PendingInvitationRowProps {
  readonly invitation: PendingInvitation;
  readonly roleName: string;
  /** What revoking it gives back; null where that is nothing or not known. */
  readonly frees: string | null;
  readonly actions: { readonly [A in Action]?: (() => Promise<unknown>) | undefined };
  readonly errorText: ((error: unknown) => string | null | undefined) | undefined;
  readonly announce: (text: string) => void;
  readonly messages: Messages;
  readonly format: Format;
  readonly slotProps: PendingInvitationsSlotProps;
}

export function PendingInvitationRow(props: PendingInvitationRowProps): ReactElement {
  const { invitation, roleName, frees, actions, errorText, announce, messages, format, slotProps } = props;
  const { email } = invitation;
  const id = useId();
  const [latest, setLatest] = useState<Action>("resend");
  const { run, isPending, limitError, error, data } = useEnforcedMutation(async (action: Action) => {
    const failure = failureIn(await actions[action]?.());
    if (failure) throw failure.error;
    return action;
  });
  const denial = useNamed(limitError);
  const isRevoked = data === "revoke";

  const act = async (action: Action) => {
    if (isPending || isRevoked) return;
    setLatest(action);
    const { status } = await run(action);
    if (status === "dropped") return;
    announce(messages.pendingOutcome({ action, outcome: status === "done" ? "done" : "failed", email }));
  };

  const button = (action: Action, text: string, describedBy?: string) =>
    actions[action] && (
      <button
        type="button"
        aria-labelledby={`${id}${action} ${id}`}
        aria-disabled={isPending || isRevoked}
        aria-describedby={describedBy}
        onClick={() => void act(action)}
        {...slotProps[action]}
        id={`${id}${action}`}
        data-slot={`pending-invitations-${action}`}
        data-status={isPending && latest === action ? "loading" : "ok"}
      >
        {text}
      </button>
    );

  const status = isPending ? "loading" : denial || error ? "error" : isRevoked ? "blocked" : "ok";
  return (
    <li {...slotProps.item} aria-busy={isPending} data-slot="pending-invitations-item" data-status={status}>
      <div data-slot="pending-invitations-who">
        <bdi id={id}>{email}</bdi>
        <div data-slot="pending-invitations-facts">
          <span>
            <bdi>{roleName}</bdi>
          </span>
          <Moment
            at={invitation.expiresAt}
            format={format}
            text={(when, isPast) => (isPast ? messages.pendingExpired() : messages.pendingExpires({ when }))}
          />
          {frees !== null && !isRevoked && (
            <span id={`${id}frees`} data-slot="pending-invitations-frees">
              <bdi>{frees}</bdi>
            </span>
          )}
        </div>
      </div>
      <div data-slot="pending-invitations-actions">
        {button("resend", messages.pendingResend())}
        {button("revoke", messages.pendingRevoke(), frees === null ? undefined : `${id}frees`)}
      </div>
      {(status !== "ok" || data !== undefined) && (
        <p data-slot="pending-invitations-outcome" data-status={status}>
          <bdi>{outcomeText()}</bdi> {denial && <WayOn resourceType={denial.resourceType} messages={messages} />}
        </p>
      )}
    </li>
  );

  function outcomeText(): string {
    if (denial) return messages.denied(denial, format);
    const outcome = isPending ? "pending" : error ? "failed" : "done";
    const own = error ? errorText?.(error) : null;
    return own ?? messages.pendingOutcome({ action: latest, outcome, email });
  }
}
