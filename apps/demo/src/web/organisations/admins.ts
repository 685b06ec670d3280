import type { Messages } from "@x/entitlements-react";
import { useMemo } from "react";
import { alternatives } from "../locale.ts";
import { rolesIn, useMembers } from "../members/members.ts";
import { useOrganisation } from "./organisation.ts";

/** The names of those who manage the organisation, "Olivia Owner or Adam Admin"; "an admin" while they are not known. */
export function useAdminNames(): string {
  const { id } = useOrganisation();
  const { data } = useMembers(id);
  const names = data?.members
    .filter(({ role }) => rolesIn(role).some((held) => held !== "member"))
    .map(({ name }) => name);
  return names?.length ? alternatives.format(names) : "an admin";
}

/** Whom to ask, by name, where the kit would say "your admin". */
export function useMessages(): Partial<Messages> {
  const names = useAdminNames();
  return useMemo(() => ({ contactAdmin: () => `Ask ${names}.` }), [names]);
}
