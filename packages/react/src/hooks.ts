"use client";

export type { CheckReason, CheckResult } from "./data/check.ts";
export { type Denial, toDenial } from "./data/denial.ts";
export type { EntitlementsState, UnreadableUsage } from "./data/state.ts";
export {
  type UsageErrorCode,
  type UsageFetcher,
  type UsageRequest,
  UsageRequestError,
} from "./data/usage-request.ts";
export type { DisplayStatus } from "./display-status.ts";
export { useCheck } from "./hooks/use-check.ts";
export { type EnforcedMutation, type MutationOutcome, useEnforcedMutation } from "./hooks/use-enforced-mutation.ts";
export { type Entitlement, useEntitlement } from "./hooks/use-entitlement.ts";
export { type Entitlements, useEntitlements } from "./hooks/use-entitlements.ts";
export { type SeatBucket, type SeatsView, useSeats } from "./hooks/use-seats.ts";
export type { Format, PluralForms } from "./i18n/format.ts";
export type { Counts, Messages, UsageMessages } from "./i18n/messages.ts";
export { EntitlementsProvider, type EntitlementsProviderProps } from "./provider/entitlements-provider.tsx";
export type { EntitlementsEvent, EntitlementsSettings, EntitlementsSource, LinkProps } from "./provider/settings.ts";
