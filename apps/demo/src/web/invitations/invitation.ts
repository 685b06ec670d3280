import useSWR, { type SWRResponse } from "swr";
import * as z from "zod/mini";
import { isWorthRepeating, nothing, request } from "../api/request.ts";
import { useApi } from "../api/use-api.ts";

const preview = z.object({ valid: z.boolean(), seatAvailable: z.boolean() });
/** What whoever has the link may know. */
export type Preview = z.infer<typeof preview>;

const details = z.object({
  organizationId: z.string(),
  organizationName: z.string(),
  inviterEmail: z.string(),
  email: z.string(),
  role: z.string(),
});
/** What only the person who is invited may know. */
export type Details = z.infer<typeof details>;

export function usePreview(id: string): SWRResponse<Preview, unknown> {
  return useApi(`/api/invitations/${encodeURIComponent(id)}`, preview);
}

/** Kept for each person: what one may know of an invitation, another may not. */
export function useDetails(id: string, userId: string): SWRResponse<Details, unknown> {
  return useSWR<Details, unknown>(["invitation", id, userId], () => readDetails(id), {
    shouldRetryOnError: isWorthRepeating,
  });
}

function readDetails(id: string): Promise<Details> {
  return request(`/api/auth/organization/get-invitation?id=${encodeURIComponent(id)}`, details);
}

export function accept(invitationId: string): Promise<unknown> {
  return request("/api/auth/organization/accept-invitation", nothing, { method: "POST", body: { invitationId } });
}

export function decline(invitationId: string): Promise<unknown> {
  return request("/api/auth/organization/reject-invitation", nothing, { method: "POST", body: { invitationId } });
}
