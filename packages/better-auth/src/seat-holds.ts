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
  /** Asked while the seat is held: what it throws gives the seat back. */
  readonly confirm?: () => Promise<void>;
}

export interface SeatHolds {
  /** Throws better-auth's `APIError` where there is no seat now, and holds none. */
  assertFree(orgId: string, claim: SeatClaim): Promise<void>;
  /** Holds the seat, or throws better-auth's `APIError` with the problem document. */
  take(organization: Organization, claim: SeatClaim): Promise<void>;
  /** Gives back what was taken for the row, which is written by now and counts by itself. */
  giveBack(organization: Organization, key: string): Promise<void>;
  /** Gives back what another request may still hold for a row that is written: it counts by itself. */
  giveBackAnybodys(organization: Organization, key: string): Promise<void>;
}

/** better-auth hands the hooks before and after one write the same object. */
interface Organization {
  readonly id: string;
}

export interface SeatHoldsOptions<Bucket extends ResourceType> {
  readonly seats: Seats<Bucket>;
  readonly holdMs: number;
  readonly onError: (error: unknown) => void;
}

export function createSeatHolds<T extends string, Bucket extends T & ResourceType>(
  entitlements: SeatEntitlements<T>,
  { seats, holdMs: ttlMs, onError }: SeatHoldsOptions<Bucket>,
): SeatHolds {
  const taken = new WeakMap<Organization, Map<string, string>>();

  async function hold(orgId: string, { role, key, covers = [], confirm = async () => {} }: SeatClaim): Promise<string> {
    const resourceType = seats.bucketOf(role);
    const { id } = await entitlements.reserve({ orgId, resourceType, key, covers, ttlMs });
    try {
      await confirm();
      return id;
    } catch (error) {
      await release(orgId, { id });
      throw error;
    }
  }

  async function release(orgId: string, hold: { readonly id: string } | { readonly key: string }): Promise<void> {
    try {
      await entitlements.release({ orgId, ...hold });
    } catch (error) {
      // What was written stands, and the hold ends by itself.
      onError(error);
    }
  }

  const orApiError = async <R>(work: Promise<R>): Promise<R> => {
    try {
      return await work;
    } catch (error) {
      throw asApiError(error);
    }
  };

  return {
    async assertFree(orgId, claim) {
      await release(orgId, { id: await orApiError(hold(orgId, claim)) });
    },

    async take(organization, claim) {
      const id = await orApiError(hold(organization.id, claim));
      taken.set(organization, (taken.get(organization) ?? new Map<string, string>()).set(claim.key, id));
    },

    async giveBack(organization, key) {
      const id = taken.get(organization)?.get(key);
      if (id === undefined) return;
      // In a transaction of better-auth's own nobody sees the row before its commit.
      await queueAfterTransactionHook(() => release(organization.id, { id }));
    },

    giveBackAnybodys: (organization, key) => release(organization.id, { key }),
  };
}
