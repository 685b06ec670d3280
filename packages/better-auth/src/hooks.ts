import type { ResourceType, Seats } from "@x/entitlements-core";
import { ConfigurationError } from "@x/entitlements-core/errors";
import type { OrganizationOptions } from "better-auth/plugins/organization";
import { countingOf, isExcluded } from "./counting.ts";
import { assertCreatorFits } from "./creator-seat.ts";
import type { SeatEntitlements } from "./seat-entitlements.ts";
import { createSeatHolds } from "./seat-holds.ts";
import { assertNoMember } from "./second-membership.ts";
import { assertKnown } from "./tables.ts";

export type OrganizationHooks = NonNullable<OrganizationOptions["organizationHooks"]>;

export interface EntitlementHooksOptions<Bucket extends ResourceType> {
  /** The same that `organizationSeats` was given. */
  readonly seats: Seats<Bucket>;
  /** Hooks of your own: each runs before the seat is taken, and what it changes is what is counted. */
  readonly hooks?: OrganizationHooks | undefined;
  /** better-auth's `creatorRole`. "owner" when left out. */
  readonly creatorRole?: string | undefined;
  /** For how long a seat is held for better-auth's write, in milliseconds; `reservationTtlMs` when left out. */
  readonly ttlMs?: number | undefined;
  /** Told of a hold that could not be given back and ends by itself. `console.error` when left out. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** What is to be spread into better-auth's `organization()`. */
export interface EntitlementHooks {
  readonly organizationHooks: OrganizationHooks;
  /** Out of the way: a function would make better-auth load 100 members only, and 0 means 100. */
  readonly membershipLimit: number;
}

/** The largest that every database takes as a LIMIT, which better-auth makes of it when it lists members. */
const OUT_OF_THE_WAY = 2_147_483_647;

/** The key of an invitation, as `organizationSeats` counts it. */
function invitationKey(email: string): string {
  return `e:${email.toLowerCase()}`;
}

/** The key of a member. */
function memberKey(userId: string): string {
  return `u:${userId}`;
}

/**
 * Hooks for better-auth's `organization()` that take a seat at every door before better-auth writes, and hold it until the row is
 * there. A refusal is an `APIError` with status 402 whose body is the problem document. Throws a `ConfigurationError`.
 */
export function entitlementHooks<T extends string, Bucket extends T & ResourceType>(
  entitlements: SeatEntitlements<T>,
  options: EntitlementHooksOptions<Bucket>,
): EntitlementHooks {
  assertKnown("entitlementHooks", options, ["seats", "hooks", "creatorRole", "ttlMs", "onError"]);
  const { seats, hooks = {}, creatorRole = "owner", ttlMs } = options;
  const { onError = (error) => console.error("@x/entitlements-better-auth: a seat could not be given back", error) } =
    options;
  if (typeof entitlements?.reserve !== "function")
    throw new ConfigurationError("entitlementHooks wants what createEntitlements() returned.");
  const counting = countingOf(seats);
  if (counting === null || !seats.buckets.every((bucket) => entitlements.resourceTypes.includes(bucket)))
    throw new ConfigurationError(
      "entitlementHooks: these seats are not counted. Spread organizationSeats(seats) into `resources`, and pass the same `seats` here.",
    );
  const { countPending, excludeUsers } = counting;
  const takesSeat = (user: { readonly id: string }) => !isExcluded(excludeUsers, { ...user });
  const holds = createSeatHolds(entitlements, { seats, ttlMs, onError });

  const organizationHooks: OrganizationHooks = {
    ...hooks,

    async beforeCreateOrganization(data) {
      const changed = await hooks.beforeCreateOrganization?.(data);
      // better-auth writes the organisation before it asks about its creator.
      const { id: orgId } = { ...data.organization, ...changed?.data };
      if (takesSeat(data.user)) await assertCreatorFits(entitlements, { seats, creatorRole, orgId });
      return changed;
    },

    async beforeAddMember(data) {
      const changed = await hooks.beforeAddMember?.(data);
      const { role, userId } = { ...data.member, ...changed?.data };
      if (takesSeat(data.user))
        await holds.take(data.organization, { role, key: memberKey(userId) }, () =>
          assertNoMember(data.organization.id, userId),
        );
      return changed;
    },
    async afterAddMember(data) {
      await holds.giveBack(data.organization, memberKey(data.member.userId));
      await hooks.afterAddMember?.(data);
    },

    // Also within a bucket, where it is free: the role that better-auth read may be another by now.
    async beforeUpdateMemberRole(data) {
      const changed = await hooks.beforeUpdateMemberRole?.(data);
      const role = changed?.data.role ?? data.newRole;
      if (takesSeat(data.user)) await holds.take(data.organization, { role, key: memberKey(data.member.userId) });
      return changed;
    },
    async afterUpdateMemberRole(data) {
      await holds.giveBack(data.organization, memberKey(data.member.userId));
      await hooks.afterUpdateMemberRole?.(data);
    },

    async beforeCreateInvitation(data) {
      const changed = await hooks.beforeCreateInvitation?.(data);
      const { role, email } = { ...data.invitation, ...changed?.data };
      if (countPending) await holds.take(data.organization, { role, key: invitationKey(email) });
      return changed;
    },
    async afterCreateInvitation(data) {
      await holds.giveBack(data.organization, invitationKey(data.invitation.email));
      await hooks.afterCreateInvitation?.(data);
    },

    async beforeAcceptInvitation(data) {
      await hooks.beforeAcceptInvitation?.(data);
      if (!takesSeat(data.user)) return;
      const { role, email } = data.invitation;
      const userId = data.user.id;
      await holds.take(data.organization, { role, key: memberKey(userId), covers: [invitationKey(email)] }, () =>
        assertNoMember(data.organization.id, userId),
      );
    },
    async afterAcceptInvitation(data) {
      await holds.giveBack(data.organization, memberKey(data.user.id));
      await hooks.afterAcceptInvitation?.(data);
    },
  };
  return { organizationHooks, membershipLimit: OUT_OF_THE_WAY };
}
