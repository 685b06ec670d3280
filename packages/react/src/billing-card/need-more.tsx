import type { ComponentPropsWithRef, ReactElement } from "react";
import type { Format } from "../i18n/format.ts";
import type { Messages } from "../i18n/messages.ts";
import { useEntitlementsContext } from "../provider/context.ts";
import { KitLink } from "../provider/kit-link.tsx";

/** Somebody who may change the plan. */
export interface BillingAdmin {
  readonly name: string;
  readonly email?: string | undefined;
}

export interface NeedMoreProps {
  readonly admins: readonly BillingAdmin[];
  readonly messages: Messages;
  readonly format: Format;
  readonly slot: ComponentPropsWithRef<"div"> | undefined;
}

/** The way on: an upgrade for those who manage billing, for everybody else the people who do, by name. */
export function NeedMore({ admins, messages, format, slot }: NeedMoreProps): ReactElement {
  const { orgId, settings } = useEntitlementsContext("<BillingCard>");
  const { upgradeUrl, canManageBilling = false, onEvent } = settings;
  const opened = () => {
    if (orgId !== null) onEvent?.({ type: "upgrade-opened", orgId, resourceType: null });
  };
  const reachable = admins.flatMap(({ name, email }) => (email === undefined ? [] : [{ name, email }]));
  return (
    <div {...slot} data-slot="billing-card-more" data-status={canManageBilling ? "ok" : "blocked"}>
      <bdi data-slot="billing-card-question">{messages.billingNeedMore()}</bdi>
      {canManageBilling && upgradeUrl !== undefined ? (
        <KitLink href={upgradeUrl} data-slot="upgrade-link" onClick={opened}>
          {messages.upgrade()}
        </KitLink>
      ) : (
        <bdi data-slot="contact-admin">
          {admins.length === 0
            ? messages.contactAdmin()
            : messages.billingAsk({ names: admins.map(({ name }) => name) }, format)}
        </bdi>
      )}
      {!canManageBilling &&
        reachable.map(({ name, email }) => (
          <a key={email} href={`mailto:${email}`} aria-label={`${email}, ${name}`} data-slot="billing-card-mail">
            <bdi>{email}</bdi>
          </a>
        ))}
    </div>
  );
}
