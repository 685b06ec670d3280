import type { ResourceType, Seats } from "@x/entitlements-core";
import { LimitReachedError } from "@x/entitlements-core/errors";
import { asApiError } from "./api-error.ts";
import type { SeatEntitlements } from "./seat-entitlements.ts";

/**
 * Whether whoever creates an organisation will find a seat in it. Throws better-auth's `APIError`. It is asked before the organisation
 * is written, which would stay without anybody in it; the seat itself is taken by the hook before its member is.
 */
export async function assertCreatorFits<T extends string, Bucket extends T & ResourceType>(
  entitlements: SeatEntitlements<T>,
  {
    seats,
    creatorRole,
    orgId,
  }: { readonly seats: Seats<Bucket>; readonly creatorRole: string; readonly orgId: unknown },
): Promise<void> {
  // Only an organisation whose id the host chooses can have limits already.
  if (typeof orgId !== "string") return;
  try {
    const resourceType: string = seats.bucketOf(creatorRole);
    const line = (await entitlements.usage({ orgId })).find((one) => one.resourceType === resourceType);
    if (line === undefined || line.limit === null || line.current < line.limit) return;
    const { label, current, limit } = line;
    throw new LimitReachedError({ orgId, resourceType, label, current, limit, requested: 1 });
  } catch (error) {
    throw asApiError(error);
  }
}
