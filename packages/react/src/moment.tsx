import type { ReactElement } from "react";
import { useNow } from "./hooks/use-now.ts";
import type { Format } from "./i18n/format.ts";

export interface MomentProps {
  /** As text in ISO-8601. Shows nothing where it is none. */
  readonly at: Date | string | null | undefined;
  readonly format: Format;
  /** The words around it; `isPast` once it is over. */
  readonly text: (when: string, isPast: boolean) => string;
}

/** How far away a moment is, with the day in the title; on the server and while hydrating the day. */
export function Moment({ at: given, format, text }: MomentProps): ReactElement | null {
  const now = useNow();
  const at = new Date(given ?? "");
  if (Number.isNaN(at.getTime())) return null;
  const day = format.date(at);
  const isPast = now !== null && at <= now;
  // One that has passed is due.
  const when = now ? format.relative(isPast ? now : at, now) : day;
  return (
    <time dateTime={at.toISOString()} title={day}>
      <bdi>{text(when, isPast)}</bdi>
    </time>
  );
}
