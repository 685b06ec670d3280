"use client";

export {
  type BillingAdmin,
  BillingCard,
  type BillingCardProps,
  type BillingCardSlotProps,
  type BillingPlan,
} from "./billing-card/billing-card.tsx";
export type { CheckReason, CheckResult } from "./data/check.ts";
export { type Denial, toDenial } from "./data/denial.ts";
export type { EntitlementsState, UnreadableUsage } from "./data/state.ts";
export {
  type UsageErrorCode,
  type UsageFetcher,
  type UsageRequest,
  UsageRequestError,
} from "./data/usage-request.ts";
export { type DisplayStatus, type DisplayStatusInput, displayStatus } from "./display-status.ts";
export { EntitlementGate, type EntitlementGateProps, type GateMode } from "./entitlement-gate/entitlement-gate.tsx";
export { GatedNavItem, type GatedNavItemProps } from "./entitlement-gate/gated-nav-item.tsx";
export { useCheck } from "./hooks/use-check.ts";
export { type EnforcedMutation, type MutationOutcome, useEnforcedMutation } from "./hooks/use-enforced-mutation.ts";
export { type Entitlement, useEntitlement } from "./hooks/use-entitlement.ts";
export { type Entitlements, useEntitlements } from "./hooks/use-entitlements.ts";
export { type SeatBucket, type SeatsView, useSeats } from "./hooks/use-seats.ts";
export type { BillingMessages } from "./i18n/billing-messages.ts";
export { english } from "./i18n/english.ts";
export { createFormat, type Format, type PluralForms } from "./i18n/format.ts";
export type { InviteLineStatus, InviteMessages } from "./i18n/invite-messages.ts";
export type { Counts, Messages, UsageMessages } from "./i18n/messages.ts";
export type { PendingMessages } from "./i18n/pending-messages.ts";
export type { SeatMessages } from "./i18n/seat-messages.ts";
export type { TextProps } from "./i18n/use-text.ts";
export { InviteForm, type InviteFormProps, type InviteFormSlotProps } from "./invite-form/invite-form.tsx";
export { LimitAlert, type LimitAlertProps, type LimitAlertSlotProps } from "./limit-alert/limit-alert.tsx";
export {
  type PendingInvitation,
  PendingInvitations,
  type PendingInvitationsProps,
  type PendingInvitationsSlotProps,
} from "./pending-invitations/pending-invitations.tsx";
export { EntitlementsProvider, type EntitlementsProviderProps } from "./provider/entitlements-provider.tsx";
export type { EntitlementsEvent, EntitlementsSettings, EntitlementsSource, LinkProps } from "./provider/settings.ts";
export type { SourceProps, UsageSource } from "./provider/taking-source.tsx";
export {
  type ConnectedRoleSelectProps,
  type PlainRoleSelectProps,
  type RoleBucket,
  RoleSelect,
  type RoleSelectProps,
  type RoleSelectSlotProps,
} from "./role-select/role-select.tsx";
export type { RootProps } from "./root-props.ts";
export {
  type BarRole,
  type ConnectedUsageBarProps,
  type PlainUsageBarProps,
  UsageBar,
  type UsageBarProps,
  type UsageBarSlotProps,
} from "./usage-bar/usage-bar.tsx";
export {
  UsageList,
  type UsageListProps,
  type UsageListSlotProps,
  type UsageRow,
  type UsageSort,
} from "./usage-list/usage-list.tsx";
