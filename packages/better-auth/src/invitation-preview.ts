import type { ResourceType, Seats } from "@x/entitlements-core";
import { storedBucket } from "./role-sql.ts";
import type { SeatEntitlements } from "./seat-entitlements.ts";

/** What whoever has an invitation's link may know: nothing about who else is there, and no numbers. */
export interface InvitationPreview {
  /** Whether the invitation is open and has not expired. */
  readonly valid: boolean;
  /** Whether accepting it would find a seat now. False where it is not valid. */
  readonly seatAvailable: boolean;
}

/** The part of a better-auth instance that is used. */
export interface InvitationStore {
  readonly $context: Promise<{
    readonly adapter: {
      findOne<T>(query: { model: string; where: { field: string; value: string }[] }): Promise<T | null>;
    };
  }>;
}

export interface PreviewInvitationOptions<Bucket extends ResourceType> {
  /** What `betterAuth()` returned. */
  readonly auth: InvitationStore;
  readonly seats: Seats<Bucket>;
  readonly invitationId: string;
}

interface Invitation {
  readonly organizationId: string;
  readonly role: string | null;
  readonly status: string;
  readonly expiresAt: Date | string;
}

/**
 * Tells the page of an invitation whether to offer "Accept", also to somebody who has not signed in. Advisory: accepting decides.
 * An unknown id, of whatever form, is an invitation that is not valid. Throws a `StorageError`, and what better-auth's adapter throws where the
 * database fails.
 */
export async function previewInvitation<T extends string, Bucket extends T & ResourceType>(
  entitlements: SeatEntitlements<T>,
  { auth, seats, invitationId }: PreviewInvitationOptions<Bucket>,
): Promise<InvitationPreview> {
  // No id holds it, and PostgreSQL takes no text with it.
  if (typeof invitationId !== "string" || invitationId.includes("\0")) return { valid: false, seatAvailable: false };
  const invitation = await find(auth, invitationId);
  const valid = invitation?.status === "pending" && new Date(invitation.expiresAt) > new Date();
  if (!valid) return { valid, seatAvailable: false };
  const resourceType = storedBucket(seats, invitation.role ?? "");
  if (resourceType === undefined) return { valid, seatAvailable: false };
  const { limit, current, pending } = await entitlements.check({ orgId: invitation.organizationId, resourceType });
  // Its own seat is among the pending ones, and other invitations are no hindrance: who accepts first is first.
  return { valid, seatAvailable: limit === null || current - pending + 1 <= limit };
}

async function find(auth: InvitationStore, invitationId: string): Promise<Invitation | null> {
  const { adapter } = await auth.$context;
  const where = [{ field: "id", value: invitationId }];
  try {
    return await adapter.findOne<Invitation>({ model: "invitation", where });
  } catch (error) {
    if (isNoId(error)) return null;
    throw error;
  }
}

/** PostgreSQL's errors for a text that is no uuid or no number; Drizzle wraps them. */
function isNoId(error: unknown): boolean {
  const { code, cause }: { code?: unknown; cause?: unknown } = Object(error);
  return code === "22P02" || code === "22003" || (cause !== undefined && isNoId(cause));
}
