import type { OrganizationOptions } from "better-auth/plugins/organization";
import { type ExcludedUsers, isExcluded } from "./counting.ts";
import type { SeatHolds } from "./seat-holds.ts";
import { assertNoMember, assertNotInvited, undoFounding, wholeUser } from "./written-meanwhile.ts";

export type OrganizationHooks = NonNullable<OrganizationOptions["organizationHooks"]>;

export interface DoorsOptions {
  readonly holds: SeatHolds;
  /** The host's own hooks. */
  readonly hooks: OrganizationHooks;
  readonly creatorRole: string;
  readonly countPending: boolean;
  readonly excludeUsers: ExcludedUsers;
}

/** The key of an invitation, as `organizationSeats` counts it. */
function invitationKey(email: string): string {
  return `e:${email.toLowerCase()}`;
}

/** The key of a member. */
function memberKey(userId: string): string {
  return `u:${userId}`;
}

/** The hooks of every door. What is claimed is read before a hook of the host's runs: better-auth writes a copy of its own. */
export function seatDoors({ holds, hooks, creatorRole, countPending, excludeUsers }: DoorsOptions): OrganizationHooks {
  const takesSeat = async (user: { readonly id: string }): Promise<boolean> =>
    !isExcluded(excludeUsers, "field" in excludeUsers ? await wholeUser({ ...user }) : { ...user });

  return {
    ...hooks,

    async beforeCreateOrganization(data) {
      const changed = await hooks.beforeCreateOrganization?.(data);
      // Only an organisation whose id the host chooses can have limits already. Asked before better-auth writes it.
      const { id: orgId = null } = { ...data.organization, ...changed?.data };
      if (typeof orgId === "string" && (await takesSeat(data.user)))
        await holds.assertFree(orgId, { role: creatorRole, key: memberKey(data.user.id) });
      return changed;
    },

    async beforeAddMember(data) {
      const { organization, user, member } = data;
      const { role, userId } = member;
      const changed = await hooks.beforeAddMember?.(data);
      const written = { role, userId, ...changed?.data };
      if (!(await takesSeat(user))) return changed;
      try {
        await holds.take(organization, {
          ...{ role: written.role, key: memberKey(written.userId) },
          confirm: () => assertNoMember(organization.id, written.userId),
        });
      } catch (error) {
        await undoFounding(organization.id);
        throw error;
      }
      return changed;
    },
    async afterAddMember(data) {
      await holds.giveBack(data.organization, memberKey(data.member.userId));
      await hooks.afterAddMember?.(data);
    },

    // Also within a bucket, where it is free: the role that better-auth read may be another by now.
    async beforeUpdateMemberRole(data) {
      const { organization, user, newRole } = data;
      const key = memberKey(data.member.userId);
      const changed = await hooks.beforeUpdateMemberRole?.(data);
      const role = changed?.data?.role || newRole;
      if (await takesSeat(user)) await holds.take(organization, { role, key });
      return changed;
    },
    async afterUpdateMemberRole(data) {
      await holds.giveBack(data.organization, memberKey(data.member.userId));
      await hooks.afterUpdateMemberRole?.(data);
    },

    async beforeCreateInvitation(data) {
      const { organization } = data;
      const { role, email } = data.invitation;
      const changed = await hooks.beforeCreateInvitation?.(data);
      const written = { role, email, ...changed?.data };
      if (countPending)
        await holds.take(organization, {
          ...{ role: written.role, key: invitationKey(written.email) },
          confirm: () => assertNotInvited(organization.id, written.email),
        });
      return changed;
    },
    async afterCreateInvitation(data) {
      await holds.giveBack(data.organization, invitationKey(data.invitation.email));
      await hooks.afterCreateInvitation?.(data);
    },

    async beforeAcceptInvitation(data) {
      const { organization } = data;
      const { role, email } = data.invitation;
      const userId = data.user.id;
      await hooks.beforeAcceptInvitation?.(data);
      if (!(await takesSeat(data.user))) return;
      // Whoever has sent it may not be done yet: a mail is under way. A hold beside the row would count the invitee twice.
      if (countPending) await holds.giveBackAnybodys(organization, invitationKey(email));
      await holds.take(organization, {
        ...{ role, key: memberKey(userId), covers: [invitationKey(email)] },
        confirm: () => assertNoMember(organization.id, userId),
      });
    },
    async afterAcceptInvitation(data) {
      await holds.giveBack(data.organization, memberKey(data.user.id));
      await hooks.afterAcceptInvitation?.(data);
    },
  };
}
