import { BillingCard, type UsageRow, useEntitlements } from "@x/entitlements-react";
import type { ReactElement } from "react";
import { Page } from "../navigation/page.tsx";
import { useOrganisation } from "../organisations/organisation.ts";

// What has no limit needs no bar: with nothing else left, the card says that no limits are configured.
const isLimited = ({ usage }: UsageRow) => usage?.limit !== null;

// Nothing is sold here.
const SELLERS = [{ name: "Otto Operator, who sets the limits of this installation" }];

export function BillingPage(): ReactElement {
  const { id, name, plan = null } = useOrganisation();
  const { status, entitlements } = useEntitlements();
  const isUnlimited = status === "ready" && entitlements.every(({ limit }) => limit === null);
  return (
    <Page title="Billing & usage" of={name} description={`What ${name} may use, and what of it is in use.`}>
      <BillingCard
        orgId={id}
        plan={plan}
        admins={SELLERS}
        filter={isLimited}
        grouped
        skeletonRows={5}
        // Who is not limited needs no more.
        slotProps={{ more: { hidden: isUnlimited } }}
      />
    </Page>
  );
}
