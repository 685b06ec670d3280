export type { ExcludedUsers } from "./counting.ts";
export type { OrganizationHooks } from "./doors.ts";
export {
  type EntitlementHooks,
  type EntitlementHooksOptions,
  entitlementHooks,
} from "./hooks.ts";
export {
  type InvitationPreview,
  type InvitationStore,
  type PreviewInvitationOptions,
  previewInvitation,
} from "./invitation-preview.ts";
export { type OrganizationSeatsOptions, organizationSeats } from "./organization-seats.ts";
export type { SeatEntitlements } from "./seat-entitlements.ts";
export { type SeatTotal, seatTotal } from "./seat-total.ts";
export type { InvitationTable, MemberTable, SeatTables, UserTable } from "./tables.ts";
