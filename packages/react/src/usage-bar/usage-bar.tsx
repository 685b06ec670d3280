"use client";

import type { Limit } from "@x/entitlements-core/wire";
import { type ForwardedRef, forwardRef, type ReactElement, useContext, useId } from "react";
import { Announcement } from "../announcement.tsx";
import { nameOf, rowOf } from "../data/row.ts";
import { type DisplayStatus, displayStatus, isMeasured } from "../display-status.ts";
import { englishUsage } from "../i18n/english-usage.ts";
import { type TextProps, useText } from "../i18n/use-text.ts";
import { Icon, statusIcons } from "../icon.tsx";
import { Moment } from "../moment.tsx";
import { EntitlementsContext, useEntitlementsContext } from "../provider/context.ts";
import type { RootProps } from "../root-props.ts";
import { Skeleton } from "../skeleton.tsx";
import { type UsageBarSlotProps, usageBarParts } from "./slots.ts";
import { usageBarText } from "./usage-bar-text.ts";
import { type BarRole, UsageBarTrack } from "./usage-bar-track.tsx";

export type { UsageBarSlotProps } from "./slots.ts";
export type { BarRole } from "./usage-bar-track.tsx";

interface Common extends RootProps, TextProps {
  /** Decides what is shown instead of the numbers, e.g. `"loading"`. */
  readonly status?: DisplayStatus | undefined;
  /** `"progressbar"` unless you prefer `"meter"`. */
  readonly barRole?: BarRole | undefined;
  /** Shows "Try again" where the usage could not be loaded. */
  readonly onRetry?: (() => void) | undefined;
  readonly slotProps?: UsageBarSlotProps | undefined;
}

/** The numbers as props. */
export interface PlainUsageBarProps extends Common {
  /** What is counted; also the bar's accessible name. Empty while it is not known. */
  readonly label: string;
  /** null is unlimited, 0 is blocked, absent is "No limit configured". */
  readonly limit?: Limit | undefined;
  /** The units in use: 0 unless given. */
  readonly current?: number | undefined;
  /** The part of `current` that is only held, e.g. by open invitations. */
  readonly reserved?: number | undefined;
  readonly resetsAt?: Date | string | null | undefined;
  readonly kind?: "count" | "feature" | undefined;
  /** From this share of the limit on it is "near": 0.8 unless told otherwise. */
  readonly nearAt?: number | undefined;
  readonly resourceType?: undefined;
}

/** The numbers from the `EntitlementsProvider` above. */
export interface ConnectedUsageBarProps extends Common {
  /** Which row of the provider's usage, e.g. `"seat:admin"`. */
  readonly resourceType: string;
  /** Instead of the server's label. */
  readonly label?: string | undefined;
}

export type UsageBarProps = PlainUsageBarProps | ConnectedUsageBarProps;

/** One resource's usage against its limit, in all nine statuses. */
export const UsageBar = forwardRef(function UsageBar(props: UsageBarProps, ref: ForwardedRef<HTMLDivElement>) {
  return props.resourceType === undefined ? (
    <Bar {...props} forwardedRef={ref} />
  ) : (
    <ConnectedUsageBar {...props} forwardedRef={ref} />
  );
});

interface Forwarded {
  readonly forwardedRef: ForwardedRef<HTMLDivElement>;
}

function ConnectedUsageBar({ resourceType, label, ...rest }: ConnectedUsageBarProps & Forwarded): ReactElement {
  const { state, refresh } = useEntitlementsContext();
  const { usage, status, label: known } = rowOf(state, resourceType);
  return (
    <Bar
      onRetry={() => void refresh()}
      {...rest}
      status={rest.status ?? status}
      label={label ?? known ?? (status === "loading" ? "" : nameOf(resourceType))}
      limit={usage?.limit}
      current={usage?.current}
      reserved={usage?.reserved}
      resetsAt={usage?.resetsAt}
      kind={usage?.kind}
    />
  );
}

type BarProps = Omit<PlainUsageBarProps, "resourceType"> & Forwarded;

function Bar({
  label,
  limit,
  current = 0,
  reserved: held = 0,
  resetsAt,
  kind = "count",
  nearAt,
  status: given,
  barRole = "progressbar",
  onRetry,
  slotProps = {},
  locale,
  messages: own,
  forwardedRef,
  ...root
}: BarProps): ReactElement {
  const { messages, format } = useText(englishUsage, { locale, messages: own });
  const scope = useContext(EntitlementsContext)?.scope ?? "";
  const labelId = useId();
  const status =
    given === undefined || isMeasured(given) ? displayStatus({ limit, current, nearAt, status: given }) : given;
  // A part of what is used, also where the numbers given say otherwise.
  const reserved = held > 0 ? Math.min(held, current) : 0;
  const name = label || messages.loading();
  const numbers = { label: name, status, kind, limit: limit ?? null, current, reserved };
  const text = usageBarText(numbers, messages, format);
  const resets = kind === "count" && (isMeasured(status) || status === "unlimited") ? resetsAt : null;
  const part = usageBarParts(slotProps, status);
  const icon = statusIcons[status];
  const isLoading = status === "loading";
  return (
    <div {...root} ref={forwardedRef} data-slot="usage-bar" data-status={status} data-kind={kind} aria-busy={isLoading}>
      <div data-slot="usage-bar-header">
        <span {...part("label")} id={labelId}>
          {label || <Skeleton text={name} />}
        </span>
        {text.badge !== null && (
          <span {...part("badge")}>
            {icon !== undefined && <Icon path={icon} />}
            {text.badge}
          </span>
        )}
        <span {...part("value")}>{isLoading ? <Skeleton text={label === "" ? "" : text.value} /> : text.value}</span>
      </div>
      <UsageBarTrack {...numbers} barRole={barRole} part={part} labelledBy={labelId} valueText={text.aloud} />
      <div {...part("hint")}>
        {text.hints.map((hint) => (
          <span key={hint}>
            <bdi>{hint}</bdi>
          </span>
        ))}
        <Moment at={resets} format={format} text={(when) => messages.resets({ when }, format)} />
        {status === "error" && onRetry && (
          <button type="button" aria-describedby={labelId} onClick={onRetry} {...part("retry")}>
            {messages.retry()}
          </button>
        )}
      </div>
      <Announcement subject={`${scope} ${name}`} status={status} text={text.aloud} />
    </div>
  );
}
