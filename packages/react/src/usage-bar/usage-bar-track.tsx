import { Root } from "@radix-ui/react-progress";
import type { Limit } from "@x/entitlements-core/wire";
import type { ReactElement } from "react";
import { type DisplayStatus, isMeasured } from "../display-status.ts";
import { segments } from "./segments.ts";
import type { Part } from "./slots.ts";

/** What the track is for assistive technology. */
export type BarRole = "progressbar" | "meter";

export interface UsageBarTrackProps {
  readonly status: DisplayStatus;
  readonly kind: "count" | "feature";
  readonly limit: Limit;
  readonly current: number;
  readonly reserved: number;
  readonly labelledBy: string;
  readonly valueText: string;
  readonly barRole: BarRole;
  readonly part: Part;
}

/** The track. Without a number to show it is only drawn, so that every status takes the same room. */
export function UsageBarTrack(props: UsageBarTrackProps): ReactElement {
  const { status, kind, limit, current, reserved, labelledBy, valueText, barRole, part } = props;
  if (!isMeasured(status) || limit === null || kind === "feature") {
    return <div aria-hidden="true" {...part("track")} />;
  }
  const parts = segments(limit, current, reserved);
  // Radix warns about a maximum of 0 and draws a value above the maximum as one that is not known.
  const max = limit || current || 1;
  return (
    <Root
      role={barRole}
      aria-labelledby={labelledBy}
      {...part("track")}
      value={Math.min(current, max)}
      max={max}
      getValueLabel={() => valueText}
    >
      <div {...part("indicator", { inlineSize: `${parts.taken}%` })} />
      {parts.reserved > 0 && <div {...part("reserved", { inlineSize: `${parts.reserved}%` })} />}
      {parts.limitAt !== null && <div {...part("mark", { insetInlineStart: `${parts.limitAt}%` })} />}
    </Root>
  );
}
