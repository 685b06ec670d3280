import type { Adapter, Finding } from "./adapter.ts";
import { enforceClaims, type Grant } from "./enforcement.ts";
import { ConfigurationError } from "./errors.ts";
import { createInstance, type Settings, targetOf } from "./instance.ts";
import type { Jsonable } from "./json.ts";
import {
  changeLimit,
  findOverLimit,
  forgetOrganisation,
  type OverLimitPage,
  type StoredLimit,
  storedLimits,
} from "./limits.ts";
import { nested } from "./nesting.ts";
import * as parse from "./parse-request.ts";
import type * as requests from "./requests.ts";
import { confirmHold, type Reservation, releaseHold, reserveUnits } from "./reservations.ts";
import { type ResolvedEntitlement, resolve } from "./resolution.ts";
import type { ResourceType } from "./resource-type.ts";
import { type CountedResource, counted, type Kind, type Resource } from "./resources.ts";
import { type Check, checkClaim, readUsage, type Usage } from "./usage.ts";
import * as validate from "./validation.ts";

/** Resource definitions by resource type, for an adapter with transaction `Tx` that serves the kinds `K`. */
export type Resources<Tx, K extends Kind> = { readonly [R in ResourceType]: Resource<Tx, K> };

/** Makes a key that is no resource type, such as `"Quota:Project"` or `"project"`, a compile error: it would limit nothing. */
type OnlyResourceTypes<R> = {
  readonly [Key in Exclude<keyof R & string, ResourceType>]: string extends Key ? unknown : never;
};

/** `counted`, with the transaction of the adapter already known. */
export interface ResourceBuilders<Tx> {
  counted(definition: Omit<CountedResource<Tx>, "kind">): CountedResource<Tx>;
}

export interface EntitlementsOptions<Tx, K extends Kind, R> extends Settings {
  readonly adapter: Adapter<Tx, K>;
  /** What can be limited, or a function that builds it with `counted` knowing the transaction's type. */
  readonly resources: R | ((builders: ResourceBuilders<Tx>) => R);
}

/** The product: limits of organisations, enforced in the transaction of the host's own write. */
export interface Entitlements<Tx, T extends string> {
  /** The defined resource types, in the order of definition. */
  readonly resourceTypes: readonly T[];
  /**
   * Runs `write` in one transaction under the organisation's lock, only if the claim fits; both commit together or not at
   * all. Resolves to what `write` returned. Throws `LimitReachedError`, `FeatureDisabledError`, `LockTimeoutError`,
   * `TransactionConflictError`, `StorageError`, `InvalidRequestError`, `ConfigurationError`, and whatever `write` throws.
   */
  enforce<R>(
    request: requests.EnforceRequest<Tx, T> & { readonly idempotencyKey?: undefined },
    write: (tx: Tx, grant: Grant<T>) => R,
  ): Promise<Awaited<R>>;
  /**
   * `enforce` that happens once however often it is called with the same `idempotencyKey`: the first result, which must be
   * plain data, comes back without `write` being run. Throws like `enforce`, and `IdempotencyMismatchError`.
   */
  enforce<R>(
    request: requests.IdempotentRequest<Tx, T>,
    write: (tx: Tx, grant: Grant<T>) => R & NotJsonable<R>,
  ): Promise<Awaited<R>>;
  /** `enforce` without a write of the host's: for counters, or to ask whether a feature is on. Throws like `enforce`. */
  consume(request: requests.ConsumeRequest<Tx, T>): Promise<Grant<T>>;
  /**
   * Holds units for a write that cannot share the transaction; they count until confirmed, released or expired. Throws
   * `LimitReachedError`, `ReservationConflictError` where the `key` is held already, and like `enforce`.
   */
  reserve(request: requests.ReserveRequest<Tx, T>): Promise<Reservation<T>>;
  /**
   * Runs `write` and ends the hold in one transaction under the lock; a `counter` takes the units over. In time it always
   * passes. Throws a `ReservationExpiredError` where the hold is gone, and like `enforce`.
   */
  confirm(request: requests.ReservationRequest<Tx>): Promise<undefined>;
  confirm<R>(request: requests.ReservationRequest<Tx>, write: (tx: Tx) => R): Promise<Awaited<R>>;
  /** Gives the units of a reservation back. Idempotent. Throws like `enforce`. */
  release(request: requests.ReservationRequest<Tx>): Promise<void>;
  /** Whether a claim would fit now. Advisory: it locks nothing and changes nothing. */
  check(request: requests.CheckRequest<Tx, T>): Promise<Check<T>>;
  /** Every resource type of the organisation, in the order of definition, counted as enforcement counts. */
  usage(request: requests.OrganisationRequest<Tx>): Promise<readonly Usage<T>[]>;
  /** The limit that holds for the organisation and where it comes from. */
  resolveEntitlement(request: requests.ResourceRequest<Tx, T>): Promise<ResolvedEntitlement>;
  /** Sets the organisation's own limit, in line with the claims in flight. Usage above it stays; only growth is refused. */
  setLimit(request: requests.SetLimitRequest<Tx, T>): Promise<void>;
  /** Takes the organisation's own limit away; without one it is not limited. Idempotent. */
  clearLimit(request: requests.ClearLimitRequest<Tx, T>): Promise<void>;
  /** The limits set for the organisation that have not expired, in the order of definition. */
  limits(request: requests.OrganisationRequest<Tx>): Promise<readonly StoredLimit<T>[]>;
  /** Organisations whose usage is above a limit, a page at a time. Reads one organisation after the other. */
  overLimit(request?: requests.OverLimitRequest): Promise<OverLimitPage<T>>;
  /** Erases everything kept about the organisation. The host's own rows are the host's. Idempotent. */
  forget(request: requests.OrganisationRequest<Tx>): Promise<void>;
  /** Makes or updates our tables, then checks the host's tables and columns. Throws a `ConfigurationError` naming what is missing. */
  migrate(): Promise<void>;
  /** What is missing or slow in the database, each with the statement that mends it. Changes nothing. */
  doctor(): Promise<readonly Finding[]>;
}

const ORGANISATION = ["orgId", "tx"];
const CLAIM = [...ORGANISATION, "resourceType", "amount", "claims", "signal", "idempotencyKey", "locking"];
const RESERVE = [...ORGANISATION, "resourceType", "amount", "key", "covers", "ttlMs", "signal"];
const RESERVATION = [...ORGANISATION, "id", "key", "signal"];

/** Nothing where the result of an enforced function comes back from JSON as it was, else a type that nothing has. */
type NotJsonable<R> = Awaited<R> extends Jsonable<Awaited<R>> ? unknown : "The result must be plain data (JSON)";

/** Connects the resource definitions with a storage. Throws a `ConfigurationError`; touches no database. */
export function createEntitlements<Tx, K extends Kind, const R extends Resources<Tx, K> & OnlyResourceTypes<R>>(
  options: EntitlementsOptions<Tx, K, R>,
): Entitlements<Tx, keyof R & string>;
export function createEntitlements<Tx>(
  options: EntitlementsOptions<Tx, Kind, Resources<Tx, Kind>>,
): Entitlements<Tx, string> {
  const { adapter, resources, ...settings } = options ?? {};
  const instance = createInstance(
    adapter,
    typeof resources === "function" ? resources({ counted }) : resources,
    settings,
  );
  const targets = [...instance.targets.values()];

  return {
    resourceTypes: targets.map(({ resourceType }) => resourceType),

    async enforce<R>(
      request: requests.EnforceRequest<Tx, string>,
      write: (tx: Tx, grant: Grant) => R,
    ): Promise<Awaited<R>> {
      validate.assertRequest("enforce", request, [...CLAIM, "when"]);
      validate.assertFunction("write", write);
      return enforceClaims(instance, parse.enforcement(instance, request), write);
    },

    async consume(request) {
      validate.assertRequest("consume", request, CLAIM);
      return enforceClaims(instance, parse.enforcement(instance, request), (_tx, grant) => grant);
    },

    async reserve(request) {
      validate.assertRequest("reserve", request, RESERVE);
      return reserveUnits(instance, parse.holding(instance, request));
    },

    async confirm<R>(request: requests.ReservationRequest<Tx>, write?: (tx: Tx) => R) {
      validate.assertRequest("confirm", request, RESERVATION);
      if (write !== undefined) validate.assertFunction("write", write);
      return confirmHold(instance, parse.reservation(request), write);
    },

    async release(request) {
      validate.assertRequest("release", request, RESERVATION);
      return releaseHold(instance, parse.reservation(request));
    },

    async check(request) {
      validate.assertRequest("check", request, [...ORGANISATION, "resourceType", "amount"]);
      const { amount = 1 } = request;
      validate.assertAmount("amount", amount);
      return checkClaim(instance, parse.organisation(request), targetOf(instance, request.resourceType), amount);
    },

    async usage(request) {
      validate.assertRequest("usage", request, ORGANISATION);
      return readUsage(instance, { ...parse.organisation(request), targets });
    },

    async resolveEntitlement(request) {
      validate.assertRequest("resolveEntitlement", request, [...ORGANISATION, "resourceType"]);
      const target = targetOf(instance, request.resourceType);
      const [override] = await storedLimits(instance, { ...parse.organisation(request), targets: [target] });
      return resolve(override ?? null);
    },

    async setLimit(request) {
      validate.assertRequest("setLimit", request, [
        ...ORGANISATION,
        "resourceType",
        "limit",
        "reason",
        "actor",
        "expiresAt",
      ]);
      validate.assertLimit(request.limit);
      const limit = { limit: request.limit, expiresAt: validate.optionalExpiry(request.expiresAt) };
      return changeLimit(instance, { ...parse.limitChange(instance, request), limit });
    },

    async clearLimit(request) {
      validate.assertRequest("clearLimit", request, [...ORGANISATION, "resourceType", "reason", "actor"]);
      return changeLimit(instance, { ...parse.limitChange(instance, request), limit: null });
    },

    async limits(request) {
      validate.assertRequest("limits", request, ORGANISATION);
      return storedLimits(instance, { ...parse.organisation(request), targets });
    },

    async overLimit(request = {}) {
      validate.assertRequest("overLimit", request, ["pageSize", "cursor"]);
      const { pageSize = 100, cursor = null } = request;
      validate.assertPageSize(pageSize);
      if (cursor !== null) validate.assertOrgId(cursor, "cursor");
      return findOverLimit(instance, pageSize, cursor);
    },

    async forget(request) {
      validate.assertRequest("forget", request, ORGANISATION);
      return forgetOrganisation(instance, parse.organisation(request));
    },

    async migrate() {
      const findings = await nested({ adapter }, async () => {
        await adapter.migrate();
        return adapter.inspect(targets);
      });
      const missing = findings.filter(({ severity }) => severity === "error");
      if (missing.length > 0) throw new ConfigurationError(missing.map(({ message }) => message).join(" "));
    },

    async doctor() {
      return nested({ adapter }, () => adapter.inspect(targets));
    },
  };
}
