import { queueAfterTransactionHook } from "@better-auth/core/context";
import type { ResourceType, Seats } from "@x/entitlements-core";
import { asApiError } from "./api-error.ts";
import type { SeatEntitlements } from "./seat-entitlements.ts";

/** A seat to be held between a hook and the row that better-auth writes after it. */
interface SeatClaim {
  readonly role: string;
  /** The key of the row to come: `u:<userId>` or `e:<email>`. */
  readonly key: string;
  /** Keys of rows whose seat it takes up. */
  readonly covers?: readonly string[];
}

export interface SeatHolds {
  /** Holds the seat, or throws better-auth's `APIError` with the problem document. What `then` throws gives it back. */
  take(organization: Organization, claim: SeatClaim, then?: () => Promise<void>): Promise<void>;
  /** Gives back what was taken for the row, which is written by now and counts by itself. */
  giveBack(organization: Organization, key: string): Promise<void>;
}

/** better-auth hands the hooks before and after one write the same object. */
interface Organization {
  readonly id: string;
}

export interface SeatHoldsOptions<Bucket extends ResourceType> {
  readonly seats: Seats<Bucket>;
  readonly ttlMs: number | undefined;
  readonly onError: (error: unknown) => void;
}

export function createSeatHolds<T extends string, Bucket extends T & ResourceType>(
  entitlements: SeatEntitlements<T>,
  { seats, ttlMs, onError }: SeatHoldsOptions<Bucket>,
): SeatHolds {
  const taken = new WeakMap<Organization, Map<string, string>>();

  async function reserve(orgId: string, { role, key, covers }: Required<SeatClaim>): Promise<string> {
    try {
      const { id } = await entitlements.reserve({ orgId, resourceType: seats.bucketOf(role), key, covers, ttlMs });
      return id;
    } catch (error) {
      throw asApiError(error);
    }
  }

  async function release(orgId: string, id: string): Promise<void> {
    try {
      await entitlements.release({ orgId, id });
    } catch (error) {
      // What was written stands, and the hold ends by itself.
      onError(error);
    }
  }

  return {
    async take(organization, { role, key, covers = [] }, then = async () => {}) {
      const id = await reserve(organization.id, { role, key, covers });
      try {
        await then();
      } catch (error) {
        await release(organization.id, id);
        throw error;
      }
      taken.set(organization, (taken.get(organization) ?? new Map<string, string>()).set(key, id));
    },

    async giveBack(organization, key) {
      const id = taken.get(organization)?.get(key);
      if (id === undefined) return;
      // In a transaction of better-auth's own nobody sees the row before its commit.
      await queueAfterTransactionHook(() => release(organization.id, id));
    },
  };
}
