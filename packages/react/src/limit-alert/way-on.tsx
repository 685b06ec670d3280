import { type ReactElement, useContext } from "react";
import type { Messages } from "../i18n/messages.ts";
import { EntitlementsContext } from "../provider/context.ts";
import { KitLink } from "../provider/kit-link.tsx";

export interface WayOnProps {
  readonly resourceType: string | null;
  readonly messages: Messages;
  /** Leaves out the link to the usage, where it is on screen already. */
  readonly withoutUsage?: boolean;
}

/** Where somebody goes who needs more: those who manage billing get the links there are, the others are told whom to ask. */
export function WayOn({ resourceType, messages, withoutUsage = false }: WayOnProps): ReactElement {
  const context = useContext(EntitlementsContext);
  const { upgradeUrl, canManageBilling, onEvent, ...settings } = context?.settings ?? {};
  const usageUrl = withoutUsage ? undefined : settings.usageUrl;
  const orgId = context?.orgId;
  const opened = (type: "usage-opened" | "upgrade-opened") => () => {
    if (orgId) onEvent?.({ type, orgId, resourceType });
  };
  if (!canManageBilling) {
    return <span data-slot="contact-admin">{messages.contactAdmin()}</span>;
  }
  return (
    <>
      {upgradeUrl !== undefined && (
        <KitLink href={upgradeUrl} data-slot="upgrade-link" onClick={opened("upgrade-opened")}>
          {messages.upgrade()}
        </KitLink>
      )}
      {usageUrl !== undefined && (
        <KitLink href={usageUrl} data-slot="usage-link" onClick={opened("usage-opened")}>
          {messages.seeUsage()}
        </KitLink>
      )}
    </>
  );
}
