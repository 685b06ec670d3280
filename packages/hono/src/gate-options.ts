import { ConfigurationError, type Entitlements } from "@x/entitlements-core";
import type { ProblemOptions } from "@x/entitlements-core/http";

/** What a gate is given of an instance. `Tx` and the resource types are the instance's own. */
export type Enforcing<Tx, T extends string> = Pick<Entitlements<Tx, T>, "enforce" | "resourceTypes">;

/** Units by resource type, as in `enforce`. */
export type Claims<T extends string> = { readonly [Type in T]?: number };

interface OneClaim<T extends string, C> {
  readonly resourceType: T;
  /** Units to claim, all or nothing: a positive safe integer, 1 when left out. */
  readonly amount?: number | ((c: C) => number) | undefined;
  readonly claims?: never;
}

interface SeveralClaims<T extends string, C> {
  /** Units by resource type, all or nothing: only growth is checked, a negative amount gives back, 0 only takes the lock. */
  readonly claims: Claims<T> | ((c: C) => Claims<T>);
  readonly resourceType?: never;
  readonly amount?: never;
}

export interface GateSettings<Tx, C> {
  /**
   * The organisation whose units are taken: from the session or a checked membership, never from the URL alone. Anything
   * but an organisation's id is refused with 400. Asked before the lock; what it throws goes to `app.onError`.
   */
  readonly orgId: (c: C) => string | Promise<string>;
  /** Asked inside the lock; false means that this request creates nothing: no check, no claim, the handler still runs. */
  readonly when?: ((c: C, tx: Tx) => boolean | Promise<boolean>) | undefined;
  /** As in `enforce`, and so not with `when`. A gate inside another one takes its lock before the handler. */
  readonly locking?: "before" | "at-commit" | undefined;
  /** The documentation page of a problem's code. Without it a URN. */
  readonly problemType?: ProblemOptions["type"];
}

/** What a gate claims and for whom. `C` is the context that its functions get. */
export type GateOptions<Tx, T extends string, C> = GateSettings<Tx, C> & (OneClaim<T, C> | SeveralClaims<T, C>);

const KNOWN = ["orgId", "resourceType", "amount", "claims", "when", "locking", "problemType"];

/** Throws a `ConfigurationError` at start rather than let a gate stand open, or fail at its first request. */
export function assertGate<Tx, T extends string, C>(
  name: string,
  entitlements: Enforcing<Tx, T>,
  options: GateOptions<Tx, T, C>,
): void {
  if (typeof entitlements?.enforce !== "function" || !Array.isArray(entitlements.resourceTypes)) {
    throw new ConfigurationError(`${name} wants what createEntitlements() returned.`);
  }
  const misspelt = Object.keys(options ?? {}).find((key) => !KNOWN.includes(key));
  if (misspelt !== undefined) throw new ConfigurationError(`${name} has no option "${misspelt}". Mend the spelling.`);
  const { orgId, when, locking = "before", resourceType, claims } = options ?? {};
  if (typeof orgId !== "function") {
    throw new ConfigurationError(`${name} wants \`orgId\`: a function that tells the organisation of a request.`);
  }
  if (when !== undefined && typeof when !== "function") {
    throw new ConfigurationError(`${name} wants \`when\` to be a function.`);
  }
  if (locking !== "before" && (locking !== "at-commit" || when !== undefined)) {
    throw new ConfigurationError(`${name} wants \`locking\` to be "before", or "at-commit" without \`when\`.`);
  }
  if ((resourceType === undefined) === (claims === undefined)) {
    throw new ConfigurationError(`${name} wants either a \`resourceType\` or \`claims\`.`);
  }
  const known: readonly string[] = entitlements.resourceTypes;
  const named = resourceTypesOf({ resourceType, claims });
  if (named.length === 0 && typeof claims !== "function") {
    throw new ConfigurationError(`${name} wants \`claims\` to name at least one resource type.`);
  }
  for (const type of named) {
    if (known.includes(type)) continue;
    throw new ConfigurationError(
      `${name} names "${type}", which is no resource type of this instance: ${known.join(", ")}.`,
    );
  }
}

/** The resource types that a gate names without seeing a request. */
export function resourceTypesOf(options: { readonly resourceType?: unknown; readonly claims?: unknown }): string[] {
  const { resourceType, claims } = options;
  if (resourceType !== undefined) return [String(resourceType)];
  return typeof claims === "object" && claims !== null ? Object.keys(claims) : [];
}
