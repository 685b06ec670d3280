import { useEntitlements } from "@x/entitlements-react";
import type { ReactElement, ReactNode } from "react";
import { NavLink } from "react-router";
import { Icon, type IconName } from "../elements/icon.tsx";
import { useOrganisation } from "./organisation.ts";

/** Where one can go in the organisation on screen. */
export function OrganisationNav(): ReactElement {
  const { id, manages } = useOrganisation();
  const entry = (page: string, icon: IconName, text: ReactNode) => (
    <li>
      <NavLink to={`/${id}/${page}`}>
        <Icon name={icon} />
        {text}
      </NavLink>
    </li>
  );
  return (
    <ul>
      {entry("projects", "projects", "Projects")}
      {entry("members", "members", "Members")}
      {manages && entry("api-keys", "keys", "API keys")}
      {manages && <WithLimits>{entry("billing", "billing", "Billing & usage")}</WithLimits>}
      {manages && entry("race-lab", "race", "Race lab")}
    </ul>
  );
}

/** Shown where something is limited, as far as is known: nothing while loading, nor after a failure. */
function WithLimits({ children }: { readonly children: ReactNode }): ReactNode {
  const { status, entitlements } = useEntitlements();
  return status === "ready" && entitlements.some(({ limit }) => limit !== null) ? children : null;
}
