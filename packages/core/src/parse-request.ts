import type { Target } from "./adapter.ts";
import type { Enforcement } from "./enforcement.ts";
import { InvalidRequestError } from "./errors.ts";
import { type Instance, targetOf } from "./instance.ts";
import type { LimitChange } from "./limits.ts";
import type { ClearLimitRequest, EnforceRequest, OrganisationRequest } from "./requests.ts";
import * as validate from "./validation.ts";

/** The organisation and transaction of any request. */
export function organisation<Tx>({ orgId, tx }: OrganisationRequest<Tx>): { orgId: string; tx: Tx | undefined } {
  validate.assertOrgId(orgId);
  validate.assertTx(tx);
  return { orgId, tx };
}

/** The claims of a request, in the order of the locks. */
export function enforcement<Tx>(instance: Instance<Tx>, request: EnforceRequest<Tx, string>): Enforcement<Tx> {
  const { when, signal } = request;
  if (when !== undefined) validate.assertFunction("when", when);
  validate.assertSignal(signal);
  return { ...organisation(request), claims: claimsOf(instance, request), when, signal };
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
