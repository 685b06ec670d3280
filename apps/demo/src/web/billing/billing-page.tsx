import { BillingCard, type UsageRow } from "@x/entitlements-react";
import type { ReactElement } from "react";
import { Page } from "../navigation/page.tsx";
import { useOrganisation } from "../organisations/organisation.ts";

// What has no limit needs no bar: with nothing else left, the card says that no limits are configured.
const isLimited = ({ usage }: UsageRow) => usage?.limit !== null;

// Nothing is sold here.
const SELLERS = [{ name: "Otto Operator, who sets the limits of this installation" }];

export function BillingPage(): ReactElement {
  const { id, name, plan = null } = useOrganisation();
  return (
    <Page title="Billing & usage" of={name} description={`What ${name} may use, and what of it is in use.`}>
      <BillingCard orgId={id} plan={plan} admins={SELLERS} filter={isLimited} grouped skeletonRows={5} />
    </Page>
  );
}
