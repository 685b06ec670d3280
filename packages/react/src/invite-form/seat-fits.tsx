import type { ReactElement } from "react";
import { nameOf } from "../data/row.ts";
import type { SeatBucket } from "../hooks/use-seats.ts";
import type { Format } from "../i18n/format.ts";
import type { Messages } from "../i18n/messages.ts";
import { full, Icon } from "../icon.tsx";
import { fitIn } from "./fit.ts";
import type { InviteFormSlotProps } from "./slots.ts";

export interface SeatFitsProps {
  readonly buckets: readonly SeatBucket[];
  readonly chosen: string | null;
  readonly ready: number;
  readonly messages: Messages;
  readonly format: Format;
  readonly slotProps: InviteFormSlotProps;
}

/** How many of the addresses fit in each kind of seat, as they are typed. */
export function SeatFits({ buckets, chosen, ready, messages, format, slotProps }: SeatFitsProps): ReactElement | null {
  const counted = buckets.filter(({ reason }) => reason !== "error" && reason !== "unconfigured");
  if (counted.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noRedundantRoles: Safari takes the list away from a list without bullets.
    <ul role="list" {...slotProps.fits} data-slot="invite-form-fits" data-status="ready">
      {counted.map((bucket) => {
        const fits = fitIn(bucket, ready);
        const status = bucket.reason === "loading" ? "loading" : fits < ready ? "at" : "ok";
        const label = bucket.label ?? nameOf(bucket.bucket);
        const isChosen = bucket.bucket === chosen;
        return (
          <li key={bucket.bucket} data-slot="invite-form-fit" data-status={status} data-chosen={isChosen}>
            {status === "at" && <Icon path={full} />}
            {status === "loading" ? (
              <span data-slot="skeleton" />
            ) : (
              <bdi>{messages.inviteFit({ label, ready, fits, free: bucket.free }, format)}</bdi>
            )}
          </li>
        );
      })}
    </ul>
  );
}
