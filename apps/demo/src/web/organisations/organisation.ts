import { createContext, useContext } from "react";
import type { Organisation } from "../session/session.ts";

export const OrganisationContext = createContext<Organisation | null>(null);

/** The organisation on screen, below `OrganisationRoutes`. */
export function useOrganisation(): Organisation {
  const organisation = useContext(OrganisationContext);
  if (organisation === null) throw new Error("useOrganisation() is for routes below <OrganisationRoutes>.");
  return organisation;
}

/** The path of the API for what belongs to an organisation. */
export function apiPath(orgId: string, rest: string): string {
  return `/api/orgs/${encodeURIComponent(orgId)}/${rest}`;
}
