import type { Target } from "./adapter.ts";
import type { Enforcement } from "./enforcement.ts";
import { InvalidRequestError } from "./errors.ts";
import { type Instance, targetOf } from "./instance.ts";
import type { LimitChange } from "./limits.ts";
import type {
  ClearLimitRequest,
  EnforceRequest,
  OrganisationRequest,
  ReservationRequest,
  ReserveRequest,
} from "./requests.ts";
import type { HoldCall, Holding } from "./reservations.ts";
import * as validate from "./validation.ts";

/** The organisation and transaction of any request. */
export function organisation<Tx>({ orgId, tx }: OrganisationRequest<Tx>): { orgId: string; tx: Tx | undefined } {
  validate.assertOrgId(orgId);
  validate.assertTx(tx);
  return { orgId, tx };
}

/** The claims of a request, in the order of the locks. */
export function enforcement<Tx>(instance: Instance<Tx>, request: EnforceRequest<Tx, string>): Enforcement<Tx> {
  const { when, signal, idempotencyKey, locking = "before" } = request;
  if (when !== undefined) validate.assertFunction("when", when);
  validate.assertSignal(signal);
  if (idempotencyKey !== undefined) validate.assertKey("idempotencyKey", idempotencyKey);
  const { orgId, tx } = organisation(request);
  validate.assertLocking(locking, { tx, when });
  return { orgId, tx, claims: claimsOf(instance, request), when, signal, idempotencyKey, locking };
}

/** What is to be held, with the hold's own key among those that it covers. */
export function holding<Tx>(instance: Instance<Tx>, request: ReserveRequest<Tx, string>): Holding<Tx> {
  const { resourceType, amount = 1, key = null, covers = [], ttlMs = instance.reservationTtlMs, signal } = request;
  const target = targetOf(instance, resourceType);
  const { resource } = target;
  if (resource.kind === "feature")
    throw new InvalidRequestError("resourceType", `${resourceType} is a feature, which has no units to hold.`);
  validate.assertAmount("amount", amount);
  if (key !== null) validate.assertKey("key", key);
  validate.assertCovers(covers);
  const keyed = resource.kind === "rows" && resource.key !== undefined;
  if (covers.length > 0 && !keyed) {
    throw new InvalidRequestError(
      "covers",
      `${resourceType} has no \`key\` that tells its rows apart, so a hold on it can cover none. Add one to rows().`,
    );
  }
  validate.assertTtl("ttlMs", ttlMs);
  validate.assertSignal(signal);
  const own = keyed && key !== null ? [key] : [];
  return { ...organisation(request), target, amount, key, covers: [...new Set([...own, ...covers])], ttlMs, signal };
}

/** The organisation and the name of a reservation. */
export function reservation<Tx>(request: ReservationRequest<Tx>): HoldCall<Tx> {
  const { id, key, signal } = request;
  validate.assertSignal(signal);
  if ((id === undefined) === (key === undefined))
    throw new InvalidRequestError("id", "Name the reservation by its `id` or by its `key`, by one of them.");
  if (id !== undefined) validate.assertReservationId(id);
  else validate.assertKey("key", key);
  return { ...organisation(request), name: id === undefined ? { key: String(key) } : { id }, signal };
}

function claimsOf<Tx>(
  instance: Instance<Tx>,
  { resourceType, amount, claims }: EnforceRequest<Tx, string>,
): Enforcement<Tx>["claims"] {
  if (claims === undefined) {
    // Not `??`: an amount that is null got lost on its way.
    const units: unknown = amount === undefined ? 1 : amount;
    validate.assertAmount("amount", units);
    return [{ target: targetOf(instance, resourceType), amount: units }];
  }
  if (resourceType !== undefined || amount !== undefined) {
    throw new InvalidRequestError(
      "claims",
      "Ask either for one `resourceType` (and `amount`) or for several `claims`, not for both.",
    );
  }
  validate.assertRecord("claims", claims);
  const entries = Object.entries(claims).map(([type, units]): { target: Target<Tx>; amount: number } => {
    validate.assertDelta(`claims[${JSON.stringify(type)}]`, units);
    return { target: targetOf(instance, type), amount: units };
  });
  if (entries.length === 0)
    throw new InvalidRequestError("claims", "claims is empty: name at least one resource type and its amount.");
  return entries.toSorted((a, b) => (a.target.resourceType < b.target.resourceType ? -1 : 1));
}

/** What `setLimit` and `clearLimit` have in common. */
export function limitChange<Tx>(
  instance: Instance<Tx>,
  request: ClearLimitRequest<Tx, string>,
): Omit<LimitChange<Tx>, "limit"> {
  return {
    ...organisation(request),
    target: targetOf(instance, request.resourceType),
    reason: validate.optionalText("reason", request.reason),
    actor: validate.optionalText("actor", request.actor),
  };
}
