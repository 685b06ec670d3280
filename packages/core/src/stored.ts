import type { ResourceType } from "./resource-type.ts";
import type { Resource } from "./resources.ts";
import type { Limit } from "./status.ts";

/** A resource type and what it counts. Adapters ignore the functions of `counted`: the core calls them. */
export interface Target<Tx = never> {
  readonly resourceType: ResourceType;
  readonly resource: Resource<Tx>;
}

/** A limit set for one organisation; expired ones MUST NOT be returned. Dates are ISO-8601 UTC. */
export interface Override {
  readonly resourceType: string;
  readonly limit: Limit;
  readonly reason: string | null;
  readonly actor: string | null;
  readonly expiresAt: string | null;
  readonly updatedAt: string;
}

/** What the storage knows of one target. */
export interface Measure {
  /** null: no override, so the organisation's plan or nothing decides. */
  readonly override: Override | null;
  /**
   * What every live hold counts as, and: for `rows` the distinct keys of the rows that no live hold covers (rows without a key
   * count one by one), for `counter` the kept count, for `counted` and `feature` nothing.
   */
  readonly current: number;
  /** The part of `current` that is only held: live holds, and rows of `pending` sources whose key no other row has. */
  readonly reserved: number;
  /** The part of `reserved` that rows make up. */
  readonly pending: number;
}

/** Units held for a write that comes later. Live until `expiresAt`; one that has expired MUST count nowhere and be found by nobody. */
export interface Hold {
  /** Unique in the organisation. */
  readonly id: string;
  readonly resourceType: ResourceType;
  readonly amount: number;
  /** The units that it counts for while it is live: `amount`, or those of the rows that it stands in for, where they are more. */
  readonly countsAs: number;
  /** Unique among the organisation's live holds; null: it can be named by `id` alone. */
  readonly key: string | null;
  /** The keys of the rows that it stands in for: its own, and those that counted when it was made. */
  readonly covers: readonly string[];
  /** ISO-8601 UTC. */
  readonly expiresAt: string;
}

/** The result of an enforcement, kept for those who repeat it with the same key. */
export interface Replay {
  readonly key: string;
  /** What was claimed: the same key with other claims is somebody's mistake. */
  readonly fingerprint: string;
  /** JSON; null: the function returned nothing. */
  readonly result: string | null;
  /** ISO-8601 UTC. */
  readonly expiresAt: string;
}

/** What is kept about one organisation, to be written under the lock of the targets that it is about. */
export interface Ledger {
  /** Adds to the kept count of a `counter`, below zero clamped to 0. */
  add(resourceType: ResourceType, amount: number): Promise<void>;
  /** Writes the organisation's limit, or with null takes it away. The kept count stays. */
  setOverride(resourceType: ResourceType, override: Omit<Override, "resourceType" | "updatedAt"> | null): Promise<void>;
  /** Which of these keys the `rows` target counts as rows, and whether only `pending` ones have it. */
  countedKeys(resourceType: ResourceType, keys: readonly string[]): Promise<ReadonlyMap<string, { pending: boolean }>>;
  /**
   * Stores a hold. May delete holds of the organisation that have expired, but none that a call with the lock of its resource type has
   * found live and may be about to end. A key that is held meanwhile is a conflict, as in `remember`.
   */
  hold(hold: Hold): Promise<void>;
  /** Deletes a hold, if it is there. */
  endHold(id: string): Promise<void>;
  /** What was kept under an idempotency key of the organisation and has not expired. */
  recall(key: string): Promise<Replay | null>;
  /**
   * Keeps a result. May delete those of the organisation that have expired. Where another call, under the lock of other
   * targets, has kept one under the same key meanwhile, that is a `TransactionConflictError`, at the latest at the commit.
   */
  remember(replay: Replay): Promise<void>;
  /** Deletes everything kept about the organisation. */
  erase(): Promise<void>;
}

/** Something missing or slow in the database, and the statement that mends it (null: nothing can be run). */
export interface Finding {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly fix: string | null;
}
