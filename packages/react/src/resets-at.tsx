import type { ReactElement } from "react";
import { useNow } from "./hooks/use-now.ts";
import type { Format } from "./i18n/format.ts";
import type { UsageMessages } from "./i18n/messages.ts";

export interface ResetsAtProps {
  readonly at: Date;
  readonly messages: UsageMessages;
  readonly format: Format;
}

/** When a count starts again: the day on the server, then how far away it is. */
export function ResetsAt({ at, messages, format }: ResetsAtProps): ReactElement {
  const now = useNow();
  const day = format.date(at);
  // One that has passed is due: the next answer brings the new period.
  const when = now ? format.relative(at > now ? at : now, now) : day;
  return (
    <time dateTime={at.toISOString()} title={day}>
      <bdi>{messages.resets({ when }, format)}</bdi>
    </time>
  );
}
