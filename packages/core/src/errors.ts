import { quote } from "./quote.ts";

/** Marks our errors so that the guards also recognise those of another copy of this package. */
const BRAND: unique symbol = Symbol.for("@x/entitlements-core/error");

/** Every code an error of this package can carry. */
export type ErrorCode =
  | "ENTITLEMENT_LIMIT_REACHED"
  | "ENTITLEMENT_FEATURE_DISABLED"
  | "ENTITLEMENT_LOCK_TIMEOUT"
  | "ENTITLEMENT_TRANSACTION_CONFLICT"
  | "ENTITLEMENT_STORAGE"
  | "ENTITLEMENT_RESERVATION_CONFLICT"
  | "ENTITLEMENT_RESERVATION_EXPIRED"
  | "ENTITLEMENT_IDEMPOTENCY_MISMATCH"
  | "ENTITLEMENT_INVALID_REQUEST"
  | "ENTITLEMENT_CONFIGURATION";

/** Base of every error this package throws; `code` and `status` are literals in each subclass. */
export abstract class EntitlementsError extends Error {
  readonly [BRAND] = true;
  // Written out in each subclass: bundlers rename classes, so the class's own name is no name for a log.
  abstract override readonly name: string;
  abstract readonly code: ErrorCode;
  /** The HTTP status this error has at the edge. */
  abstract readonly status: 400 | 402 | 409 | 500 | 503;
}

/** The organisation's plan does not allow this: answered with HTTP 402. */
export abstract class PaymentRequiredError extends EntitlementsError {
  abstract override readonly code: "ENTITLEMENT_LIMIT_REACHED" | "ENTITLEMENT_FEATURE_DISABLED";
  readonly status = 402;
  abstract readonly orgId: string;
  abstract readonly resourceType: string;
  /** The resource's name for people, e.g. "Projects". */
  abstract readonly label: string;
}

/** What a `LimitReachedError` tells. Counts are in units of the resource. */
export interface LimitReached {
  readonly orgId: string;
  readonly resourceType: string;
  readonly label: string;
  /** What counted against the limit when the claim was refused. */
  readonly current: number;
  readonly limit: number;
  /** The units the refused claim asked for. */
  readonly requested: number;
}

/** The claim does not fit under the organisation's limit. Nothing was written. */
export class LimitReachedError extends PaymentRequiredError {
  override readonly name = "LimitReachedError";
  readonly code = "ENTITLEMENT_LIMIT_REACHED";
  readonly orgId: string;
  readonly resourceType: string;
  readonly label: string;
  readonly current: number;
  readonly limit: number;
  readonly requested: number;

  constructor({ orgId, resourceType, label, current, limit, requested }: LimitReached) {
    super(
      `${label} limit reached (${current}/${limit}): organisation ${quote(orgId)} asked for ${requested} more of ${resourceType}. ` +
        "Nothing was written. Free some units or raise the limit with setLimit().",
    );
    this.orgId = orgId;
    this.resourceType = resourceType;
    this.label = label;
    this.current = current;
    this.limit = limit;
    this.requested = requested;
  }
}

/** The feature is switched off for the organisation (limit 0). Nothing was written. */
export class FeatureDisabledError extends PaymentRequiredError {
  override readonly name = "FeatureDisabledError";
  readonly code = "ENTITLEMENT_FEATURE_DISABLED";
  readonly orgId: string;
  readonly resourceType: string;
  readonly label: string;

  constructor({ orgId, resourceType, label }: Pick<LimitReached, "orgId" | "resourceType" | "label">) {
    super(
      `${label} is not available to organisation ${quote(orgId)}: ${resourceType} is switched off. ` +
        "Nothing was written. Switch it on with setLimit({ limit: 1 }).",
    );
    this.orgId = orgId;
    this.resourceType = resourceType;
    this.label = label;
  }
}

/** What a `LockTimeoutError` tells. */
export interface LockTimeout {
  readonly phase: "wait" | "hold";
  /** null: a transaction of the host's own, for no organisation. */
  readonly orgId: string | null;
  readonly timeoutMs: number;
  /** Whether the call wanted no lock, only to read. */
  readonly reads?: boolean;
}

/**
 * The lock was not had in time (`phase: "wait"`), or the host's function kept it too long (`phase: "hold"`).
 * Everything was undone; trying again later is safe.
 */
export class LockTimeoutError extends EntitlementsError {
  override readonly name = "LockTimeoutError";
  readonly code = "ENTITLEMENT_LOCK_TIMEOUT";
  readonly status = 503;
  readonly phase: "wait" | "hold";
  /** What an HTTP answer says in `Retry-After`, in seconds. */
  readonly retryAfterSeconds = 1;

  constructor({ phase, orgId, timeoutMs, reads = false }: LockTimeout) {
    const whose = orgId === null ? "" : ` of organisation ${quote(orgId)}`;
    const waited = reads
      ? `Could not read the entitlements${whose} within ${timeoutMs} ms: other reads take that long. Try again. Raise lockTimeoutMs if your \`count\` functions are slow.`
      : `Could not lock the entitlements${whose} within ${timeoutMs} ms: other writers hold them. Nothing was written; try again. ` +
        "Raise lockTimeoutMs if your writes are slow; inside a transaction of your own pass it as `tx`.";
    super(
      phase === "wait"
        ? waited
        : `A function of yours ${orgId === null ? "(transaction)" : `(enforce, when or count) for organisation ${quote(orgId)}`} kept its transaction open longer than ${timeoutMs} ms and was rolled back. ` +
            "Keep slow calls (mail, HTTP) out of it, use its `tx` and no other connection of the pool, or raise transactionTimeoutMs.",
    );
    this.phase = phase;
  }
}

/**
 * The database could not serialise this transaction with another one. Nothing of this call was written. In a
 * transaction of the caller's own, roll it back and run it again.
 */
export class TransactionConflictError extends EntitlementsError {
  override readonly name = "TransactionConflictError";
  readonly code = "ENTITLEMENT_TRANSACTION_CONFLICT";
  readonly status = 503;
  readonly retryAfterSeconds = 1;
}

/** The database failed. `outcome` says whether the transaction is known to be undone, or unknown (a lost COMMIT). */
export class StorageError extends EntitlementsError {
  override readonly name = "StorageError";
  readonly code = "ENTITLEMENT_STORAGE";
  readonly status = 503;
  readonly retryAfterSeconds = 1;
  readonly outcome: "rolled-back" | "unknown";

  constructor(message: string, { outcome, cause }: { outcome: "rolled-back" | "unknown"; cause?: unknown }) {
    super(message, { cause });
    this.outcome = outcome;
  }
}

/** Another attempt holds units under this key. Nothing was written; try again when it is through or has expired. */
export class ReservationConflictError extends EntitlementsError {
  override readonly name = "ReservationConflictError";
  readonly code = "ENTITLEMENT_RESERVATION_CONFLICT";
  readonly status = 409;
  readonly orgId: string;
  readonly key: string;
  /** Until the other hold expires by itself, in whole seconds, at least 1. */
  readonly retryAfterSeconds: number;

  constructor({ orgId, key, retryAfterSeconds }: { orgId: string; key: string; retryAfterSeconds: number }) {
    super(
      `Organisation ${quote(orgId)} has a live reservation with the key ${quote(key)} already, made by another attempt. ` +
        `Nothing was written. Wait for that attempt to confirm or release it, or ${retryAfterSeconds} s for it to expire.`,
    );
    this.orgId = orgId;
    this.key = key;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** There is no such reservation any more: it has expired, was confirmed or was released. Nothing was written. */
export class ReservationExpiredError extends EntitlementsError {
  override readonly name = "ReservationExpiredError";
  readonly code = "ENTITLEMENT_RESERVATION_EXPIRED";
  readonly status = 409;
  readonly orgId: string;

  constructor({ orgId, reservation }: { orgId: string; reservation: string }) {
    super(
      `Organisation ${quote(orgId)} has no live reservation ${quote(reservation)}: it has expired, was confirmed or was released. ` +
        "Nothing was written. Reserve again, with a longer ttlMs if your write takes that long.",
    );
    this.orgId = orgId;
  }
}

/** The idempotency key was used for other claims before. Nothing was written. */
export class IdempotencyMismatchError extends EntitlementsError {
  override readonly name = "IdempotencyMismatchError";
  readonly code = "ENTITLEMENT_IDEMPOTENCY_MISMATCH";
  readonly status = 409;
  readonly orgId: string;
  readonly idempotencyKey: string;

  constructor({ orgId, idempotencyKey }: { orgId: string; idempotencyKey: string }) {
    super(
      `Organisation ${quote(orgId)} has used the idempotency key ${quote(idempotencyKey)} for other claims. ` +
        "Nothing was written. Use a key once for each operation, and again only to repeat that one.",
    );
    this.orgId = orgId;
    this.idempotencyKey = idempotencyKey;
  }
}

/** The call itself is wrong: `field` names the argument. Nothing was read or written. */
export class InvalidRequestError extends EntitlementsError {
  override readonly name = "InvalidRequestError";
  readonly code = "ENTITLEMENT_INVALID_REQUEST";
  readonly status = 400;
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/** The set-up is wrong (definitions, tables, migrations, a `tx` left out): a person has to mend it. */
export class ConfigurationError extends EntitlementsError {
  override readonly name = "ConfigurationError";
  readonly code = "ENTITLEMENT_CONFIGURATION";
  readonly status = 500;
}

/** Any error of this package, also one made by another copy of it. */
export function isEntitlementsError(error: unknown): error is EntitlementsError {
  return typeof error === "object" && error !== null && BRAND in error && error[BRAND] === true;
}

/** A refusal that the organisation can lift by paying: limit reached or feature off. */
export function isPaymentRequiredError(error: unknown): error is LimitReachedError | FeatureDisabledError {
  return isLimitReachedError(error) || isFeatureDisabledError(error);
}

export function isLimitReachedError(error: unknown): error is LimitReachedError {
  return hasCode(error, "ENTITLEMENT_LIMIT_REACHED");
}

export function isFeatureDisabledError(error: unknown): error is FeatureDisabledError {
  return hasCode(error, "ENTITLEMENT_FEATURE_DISABLED");
}

export function isLockTimeoutError(error: unknown): error is LockTimeoutError {
  return hasCode(error, "ENTITLEMENT_LOCK_TIMEOUT");
}

export function isTransactionConflictError(error: unknown): error is TransactionConflictError {
  return hasCode(error, "ENTITLEMENT_TRANSACTION_CONFLICT");
}

export function isStorageError(error: unknown): error is StorageError {
  return hasCode(error, "ENTITLEMENT_STORAGE");
}

export function isReservationConflictError(error: unknown): error is ReservationConflictError {
  return hasCode(error, "ENTITLEMENT_RESERVATION_CONFLICT");
}

export function isReservationExpiredError(error: unknown): error is ReservationExpiredError {
  return hasCode(error, "ENTITLEMENT_RESERVATION_EXPIRED");
}

export function isIdempotencyMismatchError(error: unknown): error is IdempotencyMismatchError {
  return hasCode(error, "ENTITLEMENT_IDEMPOTENCY_MISMATCH");
}

export function isInvalidRequestError(error: unknown): error is InvalidRequestError {
  return hasCode(error, "ENTITLEMENT_INVALID_REQUEST");
}

export function isConfigurationError(error: unknown): error is ConfigurationError {
  return hasCode(error, "ENTITLEMENT_CONFIGURATION");
}

function hasCode(error: unknown, code: ErrorCode): boolean {
  return isEntitlementsError(error) && error.code === code;
}
