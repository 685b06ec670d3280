import type { GrantedClaim } from "./enforcement.ts";
import { type FeatureDisabledError, isLimitReachedError, type LimitReachedError } from "./errors.ts";
import type { Limit } from "./status.ts";

/** What `onEvent` is told. Refusals are told at once; everything else after the commit of the outermost transaction of the SDK's, and never in one that the caller began. */
export type EntitlementsEvent =
  | {
      readonly type: "enforce.granted";
      readonly orgId: string;
      readonly claims: readonly GrantedClaim[];
      readonly attempt: number;
    }
  | {
      /** A claim was refused, by `enforce`, `consume` or `reserve`. */
      readonly type: "enforce.denied";
      readonly orgId: string;
      readonly code: "ENTITLEMENT_LIMIT_REACHED" | "ENTITLEMENT_FEATURE_DISABLED";
      readonly resourceType: string;
      /** Units that counted when refused; 0 for a feature. */
      readonly current: number;
      readonly limit: number;
      readonly requested: number;
    }
  | {
      readonly type: "limit.changed";
      readonly orgId: string;
      readonly resourceType: string;
      /** Whether a limit of the organisation's own stood before, and stands now. */
      readonly before: { readonly limit: Limit } | null;
      readonly after: { readonly limit: Limit } | null;
      readonly reason: string | null;
      readonly actor: string | null;
    }
  | { readonly type: "organisation.forgotten"; readonly orgId: string };

export type OnEvent = (event: EntitlementsEvent) => unknown;

/** What is told of a refusal; `requested` is what the call asked for. */
export function deniedEvent(denied: LimitReachedError | FeatureDisabledError, requested: number): EntitlementsEvent {
  const { orgId, code, resourceType } = denied;
  const { current, limit } = isLimitReachedError(denied) ? denied : { current: 0, limit: 0 };
  return { type: "enforce.denied", orgId, code, resourceType, current, limit, requested };
}

/** Tells a listener without letting its failure undo or hide what has already been decided: it is logged instead. */
export function createEmitter<Event>(
  name: string,
  listener: ((event: Event) => unknown) | undefined,
): (event: Event) => void {
  if (listener === undefined) return () => {};
  const report = (error: unknown): void => console.error(`@x/entitlements-core: ${name} failed`, error);
  return (event) => {
    try {
      Promise.resolve(listener(event)).catch(report);
    } catch (error) {
      report(error);
    }
  };
}
