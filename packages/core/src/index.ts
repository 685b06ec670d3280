export type { Adapter, Finding } from "./adapter.ts";
export type { Grant, GrantedClaim } from "./enforcement.ts";
export {
  createEntitlements,
  type Entitlements,
  type EntitlementsOptions,
  type ResourceBuilders,
  type Resources,
} from "./entitlements.ts";
export {
  ConfigurationError,
  EntitlementsError,
  type ErrorCode,
  FeatureDisabledError,
  IdempotencyMismatchError,
  InvalidRequestError,
  isConfigurationError,
  isEntitlementsError,
  isFeatureDisabledError,
  isIdempotencyMismatchError,
  isInvalidRequestError,
  isLimitReachedError,
  isLockTimeoutError,
  isPaymentRequiredError,
  isReservationConflictError,
  isReservationExpiredError,
  isStorageError,
  isTransactionConflictError,
  LimitReachedError,
  LockTimeoutError,
  PaymentRequiredError,
  ReservationConflictError,
  ReservationExpiredError,
  StorageError,
  TransactionConflictError,
} from "./errors.ts";
export type { EntitlementsEvent, OnEvent } from "./events.ts";
export type { Settings } from "./instance.ts";
export type { OverLimitPage, StoredLimit } from "./limits.ts";
export { type MemoryAdapter, type MemoryKind, memoryAdapter } from "./memory/adapter.ts";
export type { MemoryTransaction } from "./memory/transaction.ts";
export type {
  CheckRequest,
  ClearLimitRequest,
  ConsumeRequest,
  EnforceRequest,
  IdempotentRequest,
  OrganisationRequest,
  OverLimitRequest,
  ReservationRequest,
  ReserveRequest,
  ResourceRequest,
  SetLimitRequest,
} from "./requests.ts";
export type { Reservation } from "./reservations.ts";
export type { ResolvedEntitlement } from "./resolution.ts";
export type { ResourceType } from "./resource-type.ts";
export {
  type CountedResource,
  type CounterResource,
  counted,
  counter,
  type Expectation,
  type FeatureResource,
  type FurtherRows,
  feature,
  type Kind,
  type Resource,
  type RowsResource,
  type RowsSource,
  rows,
  type Sql,
  type TableName,
} from "./resources.ts";
export { defineSeats, type Seats } from "./seats.ts";
export type { Limit, Status } from "./status.ts";
export type { Check, Usage } from "./usage.ts";
