import type { Limit, ResourceType, Seats } from "@x/entitlements-core";
import type { SeatEntitlements } from "./seat-entitlements.ts";

/** All seats of an organisation together, whatever bucket they are in. */
export interface SeatTotal {
  /** null: not limited, which is so where any bucket is. */
  readonly limit: Limit;
  readonly current: number;
}

/** The sum over the buckets, for showing: what is enforced is each bucket by itself. Throws like `usage`. */
export async function seatTotal<T extends string, Bucket extends T & ResourceType>(
  entitlements: SeatEntitlements<T>,
  { seats, orgId }: { readonly seats: Seats<Bucket>; readonly orgId: string },
): Promise<SeatTotal> {
  const buckets: readonly string[] = seats.buckets;
  const lines = (await entitlements.usage({ orgId })).filter(({ resourceType }) => buckets.includes(resourceType));
  return {
    limit: lines.reduce<Limit>((sum, { limit }) => (sum === null || limit === null ? null : sum + limit), 0),
    current: lines.reduce((sum, { current }) => sum + current, 0),
  };
}
