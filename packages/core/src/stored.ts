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
  /** `rows`: the rows now. `counter`: the kept count. `counted` and `feature`: 0. */
  readonly current: number;
  /** The part of `current` that is only held. */
  readonly reserved: number;
}

/** Something missing or slow in the database, and the statement that mends it (null: nothing can be run). */
export interface Finding {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly fix: string | null;
}
