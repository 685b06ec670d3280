import type { Adapter, Target } from "./adapter.ts";
import { type CheckedTimeouts, type Timeouts, timeoutsFrom } from "./deadline.ts";
import { ConfigurationError, InvalidRequestError } from "./errors.ts";
import { createEmitter, type EntitlementsEvent, type OnEvent } from "./events.ts";
import { outsideOfCalls } from "./nesting.ts";
import { quote } from "./quote.ts";
import { assertResourceType, isResourceType } from "./resource-type.ts";
import type { Kind, Resource } from "./resources.ts";
import { NEAR_AT } from "./status.ts";
import { isTtl } from "./validation.ts";

/** What the methods of one `createEntitlements` share. */
export interface Instance<Tx> {
  readonly adapter: Adapter<Tx>;
  /** Every defined resource type, in the order of definition. */
  readonly targets: ReadonlyMap<string, Target<Tx>>;
  readonly timeouts: CheckedTimeouts;
  readonly reservationTtlMs: number;
  readonly idempotencyTtlMs: number;
  readonly nearAt: number;
  readonly clock: (() => Date) | undefined;
  emit(event: EntitlementsEvent): void;
}

export interface Settings extends Timeouts {
  /** How long a reservation holds its units unless told otherwise, in milliseconds. 60,000 when left out. */
  readonly reservationTtlMs?: number | undefined;
  /** How long the result of a call with an `idempotencyKey` is kept, in milliseconds. 86,400,000 (a day) when left out. */
  readonly idempotencyTtlMs?: number | undefined;
  /** From this share of the limit on the status is `near`: above 0, at most 1. 0.8 when left out. */
  readonly nearAt?: number | undefined;
  /** The time, for tests of the host's. Without it the storage's own time decides. */
  readonly clock?: (() => Date) | undefined;
  /** Told of grants, refusals and changed limits. Its failures are logged and change nothing. */
  readonly onEvent?: OnEvent | undefined;
}

/** Checks the configuration as a whole; throws a `ConfigurationError`. Touches no database. */
export function createInstance<Tx>(
  adapter: Adapter<Tx>,
  resources: { readonly [resourceType: string]: Resource<Tx> },
  {
    lockTimeoutMs,
    transactionTimeoutMs,
    reservationTtlMs = 60_000,
    idempotencyTtlMs = 86_400_000,
    nearAt = NEAR_AT,
    clock,
    onEvent,
    ...unknown
  }: Settings,
): Instance<Tx> {
  if (typeof adapter?.locked !== "function")
    throw new ConfigurationError("`adapter` is missing: pass a storage, such as memoryAdapter().");
  if (typeof resources !== "object" || resources === null)
    throw new ConfigurationError("`resources` is missing: define what can be limited.");
  const targets = new Map(
    Object.entries(resources).map(([resourceType, resource]) => [
      resourceType,
      define(adapter.name, adapter.kinds, resourceType, resource),
    ]),
  );
  if (targets.size === 0)
    throw new ConfigurationError("`resources` is empty: define at least one resource type to limit.");
  const timeouts = timeoutsFrom({ lockTimeoutMs, transactionTimeoutMs });
  for (const [name, value] of Object.entries({ reservationTtlMs, idempotencyTtlMs })) {
    if (!isTtl(value))
      throw new ConfigurationError(
        `${name} must be a whole number of milliseconds, at most 366 days, not ${quote(value)}.`,
      );
  }
  for (const [name, value] of Object.entries({ clock, onEvent })) {
    if (value !== undefined && typeof value !== "function")
      throw new ConfigurationError(`${name} must be a function, not ${quote(value)}.`);
  }
  const [misspelt] = Object.keys(unknown);
  if (misspelt !== undefined)
    throw new ConfigurationError(`createEntitlements() has no option ${quote(misspelt)}. Mend the spelling.`);
  if (!(typeof nearAt === "number" && nearAt > 0 && nearAt <= 1))
    throw new ConfigurationError(`nearAt must be a share above 0 and at most 1, not ${quote(nearAt)}.`);
  const emit = createEmitter("onEvent", onEvent);
  return {
    adapter,
    targets,
    timeouts,
    reservationTtlMs,
    idempotencyTtlMs,
    nearAt,
    clock: clock && checkedClock(clock),
    // A listener may use the SDK, also while the call that it is told about is a part of another one.
    emit: (event) => outsideOfCalls(() => emit(event)),
  };
}

// Later years are written with a sign in front, which sorts before every other date.
const LAST_YEAR = 9999;

function checkedClock(clock: () => Date): () => Date {
  return () => {
    const now: unknown = clock();
    if (now instanceof Date && now.getUTCFullYear() >= 0 && now.getUTCFullYear() <= LAST_YEAR) return now;
    throw new ConfigurationError(`clock must answer with a valid Date before the year 10,000, not ${quote(now)}.`);
  };
}

function define<Tx>(
  adapterName: string,
  kinds: readonly Kind[],
  resourceType: string,
  resource: Resource<Tx>,
): Target<Tx> {
  if (!isResourceType(resourceType)) {
    throw new ConfigurationError(
      `${quote(resourceType)} is not a resource type: expected category:name in lower case, such as "quota:project".`,
    );
  }
  if (typeof resource?.kind !== "string") {
    throw new ConfigurationError(`${resourceType} has no definition: use rows(), counted(), counter() or feature().`);
  }
  if (!kinds.includes(resource.kind)) {
    throw new ConfigurationError(
      `${resourceType} is defined by ${resource.kind}(), which the ${adapterName} adapter cannot serve. It serves: ${kinds.join(", ")}.`,
    );
  }
  return { resourceType, resource };
}

/** The definition of a resource type. Throws an `InvalidRequestError` on a malformed or unknown one: it would limit nothing. */
export function targetOf<Tx>(instance: Instance<Tx>, resourceType: unknown): Target<Tx> {
  assertResourceType(resourceType);
  const target = instance.targets.get(resourceType);
  if (target !== undefined) return target;
  throw new InvalidRequestError(
    "resourceType",
    `${quote(resourceType)} is not defined. Defined are: ${[...instance.targets.keys()].join(", ")}. Add it to \`resources\` or mend the spelling.`,
  );
}

/** The order in which locks are taken. Plain comparison, not locale order: every process must agree on it. */
export function inLockOrder<Tx>(targets: readonly Target<Tx>[]): readonly Target<Tx>[] {
  return targets.length < 2 ? targets : targets.toSorted((a, b) => (a.resourceType < b.resourceType ? -1 : 1));
}
