import { getCurrentAdapter, tryGetCurrentAuthEndpointContext } from "@better-auth/core/context";
import { APIError } from "better-auth/api";

/** What a hook may look at in better-auth's own tables: it is given rows that were read before the seat was held. */
type Adapter = Awaited<ReturnType<typeof getCurrentAdapter>>;

/** null outside of a request of better-auth's. */
async function currentAdapter(): Promise<Adapter | null> {
  const endpoint = tryGetCurrentAuthEndpointContext();
  return endpoint === undefined ? null : getCurrentAdapter(endpoint.context.adapter);
}

function where(fields: { readonly [field: string]: string }) {
  return Object.entries(fields).map(([field, value]) => ({ field, value }));
}

/**
 * Throws better-auth's own error where the user is a member of the organisation by now. better-auth looks before the hook, or not at all
 * when an invitation is accepted; asked while the seat is held, which keeps everybody else from writing this member.
 */
export async function assertNoMember(organizationId: string, userId: string): Promise<void> {
  const adapter = await currentAdapter();
  if (
    adapter === null ||
    (await adapter.findOne({ model: "member", where: where({ organizationId, userId }) })) === null
  )
    return;
  throw new APIError("BAD_REQUEST", {
    code: "USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION",
    message: "User is already a member of this organization",
  });
}

/** The same for an invitation of this address: two of them would go on holding a seat when one is accepted. */
export async function assertNotInvited(organizationId: string, email: string): Promise<void> {
  const adapter = await currentAdapter();
  if (adapter === null) return;
  const open = { organizationId, email: email.toLowerCase(), status: "pending" };
  const found = await adapter.findMany<{ expiresAt: Date | string }>({ model: "invitation", where: where(open) });
  if (!found.some(({ expiresAt }) => new Date(expiresAt) > new Date())) return;
  throw new APIError("BAD_REQUEST", {
    code: "USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION",
    message: "User is already invited to this organization",
  });
}

/** A user with every field: a session's has only those that are returned to clients. */
export async function wholeUser<User extends { readonly id: string }>(user: User): Promise<User> {
  const adapter = await currentAdapter();
  const found = await adapter?.findOne<User>({ model: "user", where: where({ id: user.id }) });
  return found ?? user;
}

/** Takes back the organisation that is being founded, which better-auth writes before it asks about its first member. */
export async function undoFounding(organizationId: string): Promise<void> {
  if (tryGetCurrentAuthEndpointContext()?.path !== "/organization/create") return;
  const adapter = await currentAdapter();
  await adapter?.delete({ model: "organization", where: where({ id: organizationId }) });
}
