import { BillingCard, type UsageRow, useEntitlements } from "@x/entitlements-react";
import type { ReactElement } from "react";
import { Page } from "../navigation/page.tsx";
import { useOrganisation } from "../organisations/organisation.ts";

// What has no limit needs no bar: with nothing else left, the card says that no limits are configured.
const hasLimit = ({ usage }: UsageRow) => usage?.limit !== null;

export function BillingPage(): ReactElement {
  const { id, name, plan = null } = useOrganisation();
  const { status, entitlements } = useEntitlements();
  const isLimited = status === "ready" && entitlements.some(({ limit }) => limit !== null);
  return (
    <Page title="Billing & usage" of={name} description={`What ${name} may use, and what of it is in use.`}>
      <BillingCard orgId={id} plan={plan} filter={hasLimit} grouped skeletonRows={5} />
      {/* Nothing is sold here. */}
      {isLimited && <p className="muted">Need more? Ask Otto Operator, who sets the limits of this installation.</p>}
    </Page>
  );
}
