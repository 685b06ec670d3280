import type { ComponentPropsWithRef, ReactElement } from "react";
import type { Format } from "../i18n/format.ts";
import type { Messages } from "../i18n/messages.ts";
import { Moment } from "../moment.tsx";
import { Skeleton } from "../skeleton.tsx";

/** What the organisation pays for. */
export interface BillingPlan {
  readonly name: string;
  /** When it is paid again, or ends; as text in ISO-8601. Absent or null where it runs on. */
  readonly renewsAt?: Date | string | null | undefined;
  /** It was cancelled, and ends on that day. */
  readonly isCancelled?: boolean | undefined;
}

export interface PlanLineProps {
  /** undefined while loading. */
  readonly plan: BillingPlan | undefined;
  readonly messages: Messages;
  readonly format: Format;
  readonly slot: ComponentPropsWithRef<"p"> | undefined;
}

/** The plan and its renewal, as high while loading as it will be. */
export function PlanLine({ plan, messages, format, slot }: PlanLineProps): ReactElement {
  const status = plan === undefined ? "loading" : "ready";
  return (
    <p {...slot} data-slot="billing-card-plan" data-status={status}>
      {plan === undefined ? (
        <Skeleton text={messages.billingPlanLoading()} />
      ) : (
        <span>
          <bdi>{messages.billingPlan({ name: plan.name })}</bdi>
        </span>
      )}
      <Moment
        at={plan?.renewsAt}
        format={format}
        text={(when) => messages.billingRenews({ when, ends: plan?.isCancelled ?? false })}
      />
    </p>
  );
}
