import type { ReactElement } from "react";
import type { Messages } from "../i18n/messages.ts";
import { full, Icon } from "../icon.tsx";
import type { PendingInvitationsSlotProps } from "./slots.ts";

export interface InvitationListMessageProps {
  readonly kind: "loading" | "error" | "empty";
  readonly skeletonRows: number;
  readonly messages: Messages;
  readonly onRetry: (() => void) | undefined;
  readonly slotProps: PendingInvitationsSlotProps;
}

/** What stands instead of the list. */
export function InvitationListMessage(props: InvitationListMessageProps): ReactElement {
  const { kind, skeletonRows, messages, onRetry, slotProps } = props;
  if (kind === "loading") {
    return (
      <div {...slotProps.message} data-slot="pending-invitations-skeleton" data-status="loading">
        <span data-slot="visually-hidden">{messages.pendingLoading()}</span>
        {Array.from({ length: skeletonRows }, (_, index) => String(index)).map((key) => (
          <div key={key} aria-hidden="true" data-slot="pending-invitations-item" data-status="loading">
            <span data-slot="skeleton" />
            <span data-slot="skeleton" />
          </div>
        ))}
      </div>
    );
  }
  return (
    <div {...slotProps.message} data-slot="pending-invitations-message" data-status={kind}>
      {kind === "error" && <Icon path={full} />}
      <p>
        <bdi>{kind === "error" ? messages.pendingFailed() : messages.pendingEmpty()}</bdi>
      </p>
      {kind === "error" && onRetry && (
        <button type="button" onClick={onRetry} data-slot="pending-invitations-retry">
          {messages.retry()}
        </button>
      )}
    </div>
  );
}
