import type { ReactElement } from "react";
import type { Format } from "../i18n/format.ts";
import type { Messages } from "../i18n/messages.ts";

export interface ExpiryProps {
  readonly at: Date;
  /** null on the server and while hydrating: the day stands there then. */
  readonly now: Date | null;
  readonly messages: Messages;
  readonly format: Format;
}

/** When an invitation ends: how far away, with the day in the title. */
export function Expiry({ at, now, messages, format }: ExpiryProps): ReactElement {
  const day = format.date(at);
  const when = now === null ? day : format.relative(at, now);
  return (
    <time dateTime={at.toISOString()} title={day}>
      <bdi>{now !== null && at <= now ? messages.pendingExpired() : messages.pendingExpires({ when })}</bdi>
    </time>
  );
}
