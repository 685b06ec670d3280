import type { ResourceType, Seats } from "@x/entitlements-core";
import { ConfigurationError, isInvalidRequestError } from "@x/entitlements-core/errors";
import { countingOf } from "./counting.ts";
import { type OrganizationHooks, seatDoors } from "./doors.ts";
import type { SeatEntitlements } from "./seat-entitlements.ts";
import { createSeatHolds } from "./seat-holds.ts";
import { assertKnown } from "./tables.ts";

export interface EntitlementHooksOptions<Bucket extends ResourceType> {
  /** The same that `organizationSeats` was given. */
  readonly seats: Seats<Bucket>;
  /** Hooks of your own: each "before" runs before the seat is taken, and the `data` that it returns is what is counted. */
  readonly hooks?: OrganizationHooks | undefined;
  /** The role of whoever founds an organisation. "owner" when left out. */
  readonly creatorRole?: string | undefined;
  /** Told of a hold that could not be given back and ends by itself. `console.error` when left out. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** What is to be spread into better-auth's `organization()`. */
export interface EntitlementHooks {
  readonly organizationHooks: OrganizationHooks;
  readonly creatorRole: string;
  /** Out of the way: a function would make better-auth load 100 members only, and 0 means 100. */
  readonly membershipLimit: number;
  /** Out of the way: better-auth would refuse the 101st open invitation with a 403 of its own. */
  readonly invitationLimit: number;
}

/** The largest that every database takes as a LIMIT, which better-auth makes of it when it lists members. */
const OUT_OF_THE_WAY = 2_147_483_647;

/**
 * Hooks for better-auth's `organization()` that take a seat at every door before better-auth writes, and hold it until the row is
 * there. A refusal is an `APIError` with status 402 whose body is the problem document. Throws a `ConfigurationError`.
 */
export function entitlementHooks<T extends string, Bucket extends T & ResourceType>(
  entitlements: SeatEntitlements<T>,
  options: EntitlementHooksOptions<Bucket>,
): EntitlementHooks {
  assertKnown("entitlementHooks", options, ["seats", "hooks", "creatorRole", "onError"]);
  const { seats, hooks = {}, creatorRole = "owner" } = options;
  const { onError = (error) => console.error("@x/entitlements-better-auth: a seat could not be given back", error) } =
    options;
  if (typeof entitlements?.reserve !== "function")
    throw new ConfigurationError("entitlementHooks wants what createEntitlements() returned.");
  const counting = countingOf(seats);
  if (counting === null || !seats.buckets.every((bucket) => entitlements.resourceTypes.includes(bucket)))
    throw new ConfigurationError(
      "entitlementHooks: these seats are not counted. Spread organizationSeats(seats) into `resources`, and pass the same `seats` here.",
    );
  assertSeat(seats, creatorRole);
  const { countPending, excludeUsers, holdMs } = counting;
  const holds = createSeatHolds(entitlements, { seats, holdMs, onError });
  return {
    organizationHooks: seatDoors({ holds, hooks, creatorRole, countPending, excludeUsers }),
    creatorRole,
    membershipLimit: OUT_OF_THE_WAY,
    invitationLimit: OUT_OF_THE_WAY,
  };
}

/** Nobody could found an organisation with a role that takes no known seat. */
function assertSeat(seats: Seats, creatorRole: string): void {
  try {
    seats.bucketOf(creatorRole);
  } catch (error) {
    if (!isInvalidRequestError(error)) throw error;
    throw new ConfigurationError(`entitlementHooks: the creatorRole ${error.message}`);
  }
}
