import type { ComponentPropsWithRef, ReactElement } from "react";
import type { Format } from "../i18n/format.ts";
import type { Messages } from "../i18n/messages.ts";
import { WayOn } from "../limit-alert/way-on.tsx";
import { useEntitlementsContext } from "../provider/context.ts";

/** Somebody who may change the plan. */
export interface BillingAdmin {
  /** As it is read: a name, or a name with an address. */
  readonly name: string;
}

export interface NeedMoreProps {
  readonly admins: readonly BillingAdmin[];
  readonly messages: Messages;
  readonly format: Format;
  readonly slot: ComponentPropsWithRef<"div"> | undefined;
}

/** The way on: an upgrade for those who manage billing, if there is one; for everybody else the people who do, by name. */
export function NeedMore({ admins, messages, format, slot }: NeedMoreProps): ReactElement | null {
  const { canManageBilling, upgradeUrl } = useEntitlementsContext().settings;
  if (canManageBilling && upgradeUrl === undefined) return null;
  const names = admins.map(({ name }) => name);
  const contactAdmin = names.length > 0 ? () => messages.billingAsk({ names }, format) : messages.contactAdmin;
  return (
    <div {...slot} data-slot="billing-card-more" data-status="ready">
      <bdi data-slot="billing-card-question">{messages.billingNeedMore()}</bdi>
      {/* Usage is what the card shows. */}
      <WayOn resourceType={null} messages={{ ...messages, contactAdmin }} withoutUsage />
    </div>
  );
}
