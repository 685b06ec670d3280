"use client";

import {
  cloneElement,
  type ForwardedRef,
  forwardRef,
  isValidElement,
  type KeyboardEvent,
  type ReactNode,
  type SyntheticEvent,
  useId,
} from "react";
import { type CheckResult, checkUsage } from "../data/check.ts";
import { rowOf } from "../data/row.ts";
import { english } from "../i18n/english.ts";
import { type TextProps, useText } from "../i18n/use-text.ts";
import { full, Icon, lock } from "../icon.tsx";
import { WayOn } from "../limit-alert/way-on.tsx";
import { useEntitlementsContext } from "../provider/context.ts";
import type { RootProps } from "../root-props.ts";

/** What stands where an action is not to be had: nothing, the action with the reason, or the way to more. */
export type GateMode = "hidden" | "disabled" | "upsell";

export interface EntitlementGateProps extends RootProps, TextProps {
  /** What the action takes, e.g. `"quota:project"`. */
  readonly resourceType: string;
  /** The units that the action takes: 1 unless told otherwise. */
  readonly amount?: number | undefined;
  /** `"hidden"` unless told otherwise. */
  readonly mode?: GateMode | undefined;
  /** The action: one element, which `disabled` gives `aria-disabled` and `aria-describedby`; or a function of the answer. */
  readonly children: ReactNode | ((check: CheckResult) => ReactNode);
  /** Shown by `hidden` where the answer is no. */
  readonly fallback?: ReactNode;
}

/** Shows an action only where the organisation may take it. Renders nothing while loading, and denies what is not known. */
export const EntitlementGate = forwardRef(function EntitlementGate(
  {
    resourceType,
    amount = 1,
    mode = "hidden",
    children,
    fallback = null,
    locale,
    messages: own,
    ...root
  }: EntitlementGateProps,
  ref: ForwardedRef<HTMLElement>,
) {
  const { state } = useEntitlementsContext();
  const { messages, format } = useText(english, { locale, messages: own });
  const reasonId = useId();
  const check = checkUsage(state, resourceType, amount);
  if (state.status === "loading") return null;
  const action = typeof children === "function" ? children(check) : children;
  if (check.allowed) return <>{action}</>;
  const { label } = rowOf(state, resourceType);
  const reason = (
    <span id={reasonId} data-slot="entitlement-gate-reason">
      {messages.reason({ reason: check.reason, label }, format)}
    </span>
  );
  const shared = { ...root, ref, "data-slot": "entitlement-gate", "data-status": check.reason, "data-mode": mode };
  if (mode === "disabled") {
    return (
      <span {...shared} {...SWALLOWING}>
        {disabled(action, reasonId)}
        {reason}
      </span>
    );
  }
  // An offer to pay would be a lie where the answer is only not known.
  if (mode === "hidden" || check.reason === "error" || check.reason === "amount") return <>{fallback}</>;
  return (
    <span {...shared}>
      <Icon path={check.reason === "limit" ? full : lock} />
      {reason}
      <WayOn resourceType={resourceType} messages={messages} />
    </span>
  );
});

function swallow(event: SyntheticEvent): void {
  event.preventDefault();
  event.stopPropagation();
}

/** Menus open before the click, or without one. Tab and Escape go on, so that one can leave; within a menu, up and down too. */
const SWALLOWING = {
  onClickCapture: swallow,
  onPointerDownCapture: (event: SyntheticEvent) => event.stopPropagation(),
  onKeyDownCapture: (event: KeyboardEvent) => {
    const leaving = event.currentTarget.closest("[role=menu]") ? /Tab|Esc|Up|Down/ : /Tab|Esc/;
    if (!leaving.test(event.key)) event.stopPropagation();
  },
};

// `disabled` would take the element out of the tab order, and the reason with it.
function disabled(action: ReactNode, reasonId: string): ReactNode {
  if (!isValidElement<Record<string, unknown>>(action)) return action;
  const before = action.props["aria-describedby"];
  const describedBy = typeof before === "string" ? `${before} ${reasonId}` : reasonId;
  return cloneElement(action, { "aria-disabled": true, "aria-describedby": describedBy });
}
