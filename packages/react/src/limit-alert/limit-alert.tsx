"use client";

import { type ComponentPropsWithRef, type ForwardedRef, forwardRef } from "react";
import { toDenial } from "../data/denial.ts";
import { english } from "../i18n/english.ts";
import { type TextProps, useText } from "../i18n/use-text.ts";
import { cross, full, Icon, lock } from "../icon.tsx";
import type { RootProps } from "../root-props.ts";
import { useNamed } from "./use-named.ts";
import { WayOn } from "./way-on.tsx";

export interface LimitAlertSlotProps {
  readonly panel?: ComponentPropsWithRef<"div">;
  readonly body?: ComponentPropsWithRef<"div">;
  readonly title?: ComponentPropsWithRef<"p">;
  readonly hint?: ComponentPropsWithRef<"p">;
  readonly actions?: ComponentPropsWithRef<"div">;
  readonly dismiss?: ComponentPropsWithRef<"button">;
}

export interface LimitAlertProps extends RootProps, TextProps {
  /**
   * `limitError` of `useEnforcedMutation`, a `LimitReachedError` or `FeatureDisabledError` of core, or a problem document.
   * Anything else, null too, shows nothing.
   */
  readonly error: unknown;
  /** What the resource is called, where neither the error nor the provider knows. */
  readonly label?: string | undefined;
  /** Shows a button to close the message. */
  readonly onDismiss?: (() => void) | undefined;
  readonly slotProps?: LimitAlertSlotProps | undefined;
}

/** A refused request, with the way on. Keep it mounted: the region is there before the message, so it is read aloud. */
export const LimitAlert = forwardRef(function LimitAlert(
  { error, label, onDismiss, slotProps = {}, locale, messages: own, ...root }: LimitAlertProps,
  ref: ForwardedRef<HTMLDivElement>,
) {
  const { messages, format } = useText(english, { locale, messages: own });
  const named = useNamed(toDenial(error), label);
  const status = named ? (named.kind === "feature" ? "blocked" : "at") : undefined;
  return (
    <div {...root} ref={ref} role="alert" data-slot="limit-alert" data-status={status}>
      {named && status && (
        <div {...slotProps.panel} data-slot="limit-alert-panel" data-status={status}>
          <Icon path={status === "at" ? full : lock} />
          <div {...slotProps.body} data-slot="limit-alert-body" data-status={status}>
            <p {...slotProps.title} data-slot="limit-alert-title" data-status={status}>
              <bdi>{messages.denied(named, format)}</bdi>
            </p>
            <p {...slotProps.hint} data-slot="limit-alert-hint" data-status={status}>
              <bdi>{messages.deniedHint(named, format)}</bdi>
            </p>
            <div {...slotProps.actions} data-slot="limit-alert-actions" data-status={status}>
              <WayOn resourceType={named.resourceType} messages={messages} />
            </div>
          </div>
          {onDismiss && (
            <button
              type="button"
              aria-label={messages.dismiss()}
              onClick={onDismiss}
              {...slotProps.dismiss}
              data-slot="limit-alert-dismiss"
              data-status={status}
            >
              <Icon path={cross} />
            </button>
          )}
        </div>
      )}
    </div>
  );
});
