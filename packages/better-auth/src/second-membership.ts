import { getCurrentAdapter, tryGetCurrentAuthEndpointContext } from "@better-auth/core/context";
import { APIError } from "better-auth/api";

/**
 * Throws better-auth's own error where the user is a member of the organisation by now. better-auth looks before the hook, or not at all
 * when an invitation is accepted; asked while the seat is held, which keeps everybody else from writing this member.
 */
export async function assertNoMember(organizationId: string, userId: string): Promise<void> {
  const endpoint = tryGetCurrentAuthEndpointContext();
  if (endpoint === undefined) return;
  const adapter = await getCurrentAdapter(endpoint.context.adapter);
  const where = [
    { field: "organizationId", value: organizationId },
    { field: "userId", value: userId },
  ];
  if ((await adapter.findOne({ model: "member", where })) === null) return;
  throw new APIError("BAD_REQUEST", {
    code: "USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION",
    message: "User is already a member of this organization",
  });
}
