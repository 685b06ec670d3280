"use client";

import type { Usage } from "@x/entitlements-core/wire";
import { type ForwardedRef, type ReactNode, useId } from "react";
import { english } from "../i18n/english.ts";
import { type TextProps, useText } from "../i18n/use-text.ts";
import { useEntitlementsContext } from "../provider/context.ts";
import { type SourceProps, takingSource } from "../provider/taking-source.tsx";
import type { RootProps } from "../root-props.ts";
import { UsageList, type UsageListProps } from "../usage-list/usage-list.tsx";
import { Banners } from "./banners.tsx";
import { type BillingAdmin, NeedMore } from "./need-more.tsx";
import { type BillingPlan, PlanLine } from "./plan-line.tsx";
import type { BillingCardSlotProps } from "./slots.ts";

export type { BillingAdmin } from "./need-more.tsx";
export type { BillingPlan } from "./plan-line.tsx";
export type { BillingCardSlotProps } from "./slots.ts";

export interface BillingCardProps
  extends RootProps,
    TextProps,
    SourceProps,
    Pick<UsageListProps, "sort" | "grouped" | "filter" | "skeletonRows"> {
  /** undefined while it is loading, null where there is none to name. */
  readonly plan: BillingPlan | null | undefined;
  /** Who may change the plan, for those who may not. */
  readonly admins?: readonly BillingAdmin[] | undefined;
  /** Whose plan and admins these are. Where it is not the organisation on screen they count as loading. */
  readonly orgId?: string | undefined;
  readonly heading?: ReactNode;
  readonly slotProps?: BillingCardSlotProps | undefined;
}

/** Plan, renewal and every bar of the organisation on screen, what needs attention, and the way to more. */
export const BillingCard = takingSource(function BillingCard(
  {
    plan,
    admins = [],
    orgId,
    heading,
    sort,
    grouped,
    filter,
    skeletonRows,
    slotProps = {},
    locale,
    messages: own,
    ...root
  }: BillingCardProps,
  ref: ForwardedRef<HTMLElement>,
) {
  const { state, orgId: onScreen } = useEntitlementsContext();
  const { messages, format } = useText(english, { locale, messages: own });
  const titleId = useId();
  const isOurs = orgId === undefined || orgId === onScreen;
  const shownPlan = isOurs ? plan : undefined;
  const isShown = (usage: Usage) => filter?.({ ...usage, usage }) ?? true;
  const text = { messages, format };
  return (
    <section aria-labelledby={titleId} {...root} ref={ref} data-slot="billing-card" data-status={state.status}>
      <header data-slot="billing-card-header">
        <h2 {...slotProps.title} id={titleId} data-slot="billing-card-title" data-status={state.status}>
          {heading ?? messages.billingTitle()}
        </h2>
        {shownPlan !== null && <PlanLine {...text} plan={shownPlan} slot={slotProps.plan} />}
      </header>
      <UsageList
        heading={null}
        aria-label={messages.usageTitle()}
        {...{ sort, grouped, filter, skeletonRows, locale, messages: own }}
        slotProps={slotProps.list}
      />
      {/* Below the bars, so that they stay where the skeleton was. */}
      {state.status === "ready" && (
        <Banners {...text} entitlements={state.entitlements.filter(isShown)} slot={slotProps.banner} />
      )}
      <NeedMore {...text} admins={isOurs ? admins : []} slot={slotProps.more} />
    </section>
  );
});
