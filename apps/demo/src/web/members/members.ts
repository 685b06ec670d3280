import type { SWRResponse } from "swr";
import * as z from "zod/mini";
import { seats } from "../../seats.ts";
import { nothing, request } from "../api/request.ts";
import { useApi } from "../api/use-api.ts";
import { apiPath } from "../organisations/organisation.ts";

const member = z.object({
  id: z.string(),
  userId: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.string(),
  createdAt: z.string(),
});
export type Member = z.infer<typeof member>;

const invitation = z.object({ id: z.string(), email: z.string(), role: z.string(), expiresAt: z.string() });
export type Invitation = z.infer<typeof invitation>;

const members = z.object({ members: z.array(member) });
const invitations = z.object({ invitations: z.array(invitation) });

/** Every member of an organisation. */
export function useMembers(orgId: string): SWRResponse<z.infer<typeof members>, unknown> {
  return useApi(apiPath(orgId, "members"), members);
}

/** The open invitations, for those who manage the organisation. */
export function useInvitations(orgId: string | null): SWRResponse<z.infer<typeof invitations>, unknown> {
  return useApi(orgId === null ? null : apiPath(orgId, "invitations"), invitations);
}

export type Role = ReturnType<typeof seats.roles>[number];

const ROLES: readonly Role[] = seats.buckets.flatMap((bucket) => seats.roles(bucket));

/** The roles in better-auth's text, "admin,member", highest first. */
export function rolesIn(text: string): readonly Role[] {
  const held = text.split(",");
  return ROLES.filter((role) => held.includes(role));
}

/** What somebody in one of these roles may hand out. Only owners make owners. */
export function rolesOnOffer(ownRole: string): readonly Role[] {
  return rolesIn(ownRole).includes("owner") ? ROLES : ROLES.filter((role) => role !== "owner");
}

const post = (name: string, body: object) =>
  request(`/api/auth/organization/${name}`, nothing, { method: "POST", body });

export function changeRole(organizationId: string, memberId: string, role: Role): Promise<unknown> {
  return post("update-member-role", { organizationId, memberId, role });
}

export function removeMember(organizationId: string, memberId: string): Promise<unknown> {
  return post("remove-member", { organizationId, memberIdOrEmail: memberId });
}

export function invite(organizationId: string, email: string, role: Role): Promise<unknown> {
  return post("invite-member", { organizationId, email, role });
}

export function revoke(invitationId: string): Promise<unknown> {
  return post("cancel-invitation", { invitationId });
}
