import type { ReactElement } from "react";
import type { Messages } from "../i18n/messages.ts";
import { full, Icon } from "../icon.tsx";
import type { UsageListSlotProps } from "./slots.ts";

export interface UsageListMessageProps {
  readonly kind: "error" | "stale" | "empty";
  readonly messages: Messages;
  readonly onRetry: () => void;
  readonly slotProps: UsageListSlotProps;
}

/** What stands instead of the rows, or above rows that are not fresh. */
export function UsageListMessage({ kind, messages, onRetry, slotProps }: UsageListMessageProps): ReactElement {
  const status = kind === "empty" ? "unconfigured" : "error";
  const text = { error: messages.error, stale: messages.refreshFailed, empty: messages.empty }[kind]();
  return (
    <div {...slotProps.message} data-slot="usage-list-message" data-status={status} data-kind={kind}>
      {kind !== "empty" && <Icon path={full} />}
      <p>
        <bdi>{text}</bdi>
        {kind === "empty" && <small>{messages.emptyHint()}</small>}
      </p>
      {kind !== "empty" && (
        <button type="button" onClick={onRetry} {...slotProps.retry} data-slot="usage-list-retry" data-status={status}>
          {messages.retry()}
        </button>
      )}
    </div>
  );
}
