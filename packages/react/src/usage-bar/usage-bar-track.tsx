import { Indicator, Root } from "@radix-ui/react-progress";
import type { Limit } from "@x/entitlements-core/wire";
import type { ReactElement } from "react";
import { type DisplayStatus, isMeasured } from "../display-status.ts";
import { segments } from "./segments.ts";
import type { UsageBarSlotProps } from "./slots.ts";

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
  readonly slotProps: UsageBarSlotProps;
}

/** The track. Without a number to show it is only drawn, so that every status takes the same room. */
export function UsageBarTrack(props: UsageBarTrackProps): ReactElement {
  const { status, kind, limit, current, reserved, labelledBy, valueText, barRole, slotProps } = props;
  if (!isMeasured(status) || limit === null || kind === "feature") {
    return <div aria-hidden="true" {...slotProps.track} data-slot="usage-bar-track" data-status={status} />;
  }
  const parts = segments(limit, current, reserved);
  // Radix warns about a maximum of 0 and draws a value above the maximum as one that is not known.
  const max = limit > 0 ? limit : Math.max(current, 1);
  return (
    <Root
      role={barRole}
      aria-labelledby={labelledBy}
      {...slotProps.track}
      value={Math.min(current, max)}
      max={max}
      getValueLabel={() => valueText}
      data-slot="usage-bar-track"
      data-status={status}
    >
      <Indicator
        {...slotProps.indicator}
        data-slot="usage-bar-indicator"
        data-status={status}
        style={{ inlineSize: `${parts.taken}%`, ...slotProps.indicator?.style }}
      />
      {parts.reserved > 0 && (
        <div
          {...slotProps.reserved}
          data-slot="usage-bar-reserved"
          data-status={status}
          style={{ inlineSize: `${parts.reserved}%`, ...slotProps.reserved?.style }}
        />
      )}
      {parts.limitAt !== null && (
        <div
          {...slotProps.limitMark}
          data-slot="usage-bar-limit-mark"
          data-status={status}
          style={{ insetInlineStart: `${parts.limitAt}%`, ...slotProps.limitMark?.style }}
        />
      )}
    </Root>
  );
}
