import { type Limit, type ResourceType, remaining, type Seats } from "@x/entitlements-core/wire";
import { useMemo } from "react";
import { type CheckReason, checkUsage } from "../data/check.ts";
import { rowOf } from "../data/row.ts";
import type { EntitlementsState } from "../data/state.ts";
import type { DisplayStatus } from "../display-status.ts";
import { useEntitlementsContext } from "../provider/context.ts";

/** One kind of seat. */
export interface SeatBucket<Bucket extends string = string, Role extends string = string> {
  readonly bucket: Bucket;
  readonly label: string | null;
  readonly roles: readonly Role[];
  readonly status: DisplayStatus;
  /** null when unlimited or not known: `status` says which. */
  readonly limit: Limit;
  /** Members, open invitations and holds. */
  readonly current: number;
  /** The part of `current` that invitations and holds take. */
  readonly reserved: number;
  /** Seats left; null when unlimited or not known. */
  readonly free: Limit;
  /** Whether `count` more fit; false while nothing is known. */
  readonly canInvite: (count?: number) => boolean;
  /** Why not one more fits; null where one does. */
  readonly reason: CheckReason | null;
}

export interface SeatsView<Bucket extends string = string, Role extends string = string> {
  readonly status: EntitlementsState["status"];
  /** In the order of `defineSeats`, highest first. */
  readonly buckets: readonly SeatBucket<Bucket, Role>[];
  /** The seat that a role takes. Throws core's `InvalidRequestError` for a role that takes none. */
  readonly bucketFor: (role: Role | (string & {})) => SeatBucket<Bucket, Role>;
}

/** The seats declared by core's `defineSeats`, each with what is free. */
export function useSeats<Bucket extends ResourceType, Role extends string>(
  seats: Seats<Bucket, Role>,
): SeatsView<Bucket, Role> {
  const { state } = useEntitlementsContext();
  return useMemo(
    () => ({
      status: state.status,
      buckets: seats.buckets.map((bucket) => seatBucket(state, seats, bucket)),
      bucketFor: (role) => seatBucket(state, seats, seats.bucketOf(role)),
    }),
    [state, seats],
  );
}

function seatBucket<Bucket extends ResourceType, Role extends string>(
  state: EntitlementsState,
  seats: Seats<Bucket, Role>,
  bucket: Bucket,
): SeatBucket<Bucket, Role> {
  const { usage, label, status } = rowOf(state, bucket);
  return {
    bucket,
    label,
    roles: seats.roles(bucket),
    status,
    limit: usage?.limit ?? null,
    current: usage?.current ?? 0,
    reserved: usage?.reserved ?? 0,
    free: usage === null ? null : remaining(usage.limit, usage.current),
    canInvite: (count = 1) => checkUsage(state, bucket, count).allowed,
    reason: checkUsage(state, bucket, 1).reason,
  };
}
