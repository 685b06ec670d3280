"use client";

import { type ForwardedRef, forwardRef, type ReactNode, useId } from "react";
import { rowOf } from "../data/row.ts";
import { isMeasured } from "../display-status.ts";
import { english } from "../i18n/english.ts";
import { type TextProps, useText } from "../i18n/use-text.ts";
import { Icon, lock } from "../icon.tsx";
import { useEntitlementsContext } from "../provider/context.ts";
import { KitLink } from "../provider/kit-link.tsx";
import type { RootProps } from "../root-props.ts";
import type { GateMode } from "./entitlement-gate.tsx";

export interface GatedNavItemProps extends RootProps, TextProps {
  /** Where the entry leads. */
  readonly href: string;
  /** What it is called. */
  readonly children: ReactNode;
  /** Shown where the plan has this, also when its limit is reached. Without it: where anything has a limit. */
  readonly resourceType?: string | undefined;
  /** `"hidden"` unless told otherwise; `"upsell"` leads to the provider's `upgradeUrl`. */
  readonly mode?: GateMode | undefined;
  /** Whether it is the page on screen. */
  readonly isCurrent?: boolean | undefined;
}

/** An entry of a menu that is there only for organisations that have what it leads to. Nothing while loading. */
export const GatedNavItem = forwardRef(function GatedNavItem(
  { href, children, resourceType, mode = "hidden", isCurrent, locale, messages: own, ...root }: GatedNavItemProps,
  ref: ForwardedRef<HTMLElement>,
) {
  const { state, settings } = useEntitlementsContext();
  const { messages, format } = useText(english, { locale, messages: own });
  const reasonId = useId();
  if (state.status === "loading") return null;
  const { status, label } = rowOf(state, resourceType ?? "");
  const isAnyLimited = resourceType === undefined && state.entitlements?.some(({ limit }) => limit !== null);
  const reason = isAnyLimited || status === "unlimited" || isMeasured(status) ? null : status;
  // An offer to pay would be a lie where the answer is only not known.
  const offer = mode === "upsell" && reason !== "error" ? settings.upgradeUrl : undefined;
  const to = reason === null ? href : offer;
  if (mode !== "disabled" && to === undefined) return null;
  const link = { "data-slot": "gated-nav-item-link", "aria-describedby": reason === null ? undefined : reasonId };
  return (
    <span
      {...root}
      ref={ref}
      data-slot="gated-nav-item"
      data-status={reason ?? "ok"}
      data-mode={reason === null ? undefined : mode}
    >
      {to !== undefined ? (
        <KitLink {...link} href={to} aria-current={isCurrent && reason === null ? "page" : undefined}>
          {children}
        </KitLink>
      ) : (
        // A link without `href` leads nowhere and is still read as a link; it takes focus for its reason.
        // biome-ignore lint/a11y/useSemanticElements: see above
        <span {...link} role="link" aria-disabled="true" tabIndex={0}>
          {children}
        </span>
      )}
      {reason !== null && (
        <>
          <Icon path={lock} />
          <span id={reasonId} data-slot="visually-hidden">
            {messages.reason({ reason, label }, format)}
          </span>
        </>
      )}
    </span>
  );
});
