import type { Hold, Locked, Measure, Override, Replay, Scope, Snapshot } from "../adapter.ts";
import type { ResourceType } from "../resource-type.ts";
import type { MemoryLayer } from "./layer.ts";
import type { LayeredTransaction, MemoryTransaction } from "./transaction.ts";

/** What is kept for one organisation and resource type. */
interface Entry {
  readonly kind: "entry";
  readonly orgId: string;
  readonly resourceType: string;
  readonly override: Override | null;
  readonly used: number;
}

type KeptHold = Hold & { readonly kind: "hold" };
type KeptReplay = Replay & { readonly kind: "replay" };

const TABLE = "org_entitlement";
// A table for each organisation, so that one with many holds is no burden to the others.
const holdsOf = (orgId: string): string => `org_reservation ${orgId}`;
const replaysOf = (orgId: string): string => `org_idempotency ${orgId}`;

export class View implements Snapshot<MemoryTransaction> {
  readonly tx: LayeredTransaction;
  readonly now: Date;
  readonly measures: ReadonlyMap<string, Measure>;
  readonly #orgId: string;

  constructor({ orgId, targets, clock }: Scope<MemoryTransaction>, tx: LayeredTransaction) {
    this.tx = tx;
    this.now = clock?.() ?? new Date();
    this.#orgId = orgId;
    const holds = liveHolds(tx.layer, orgId, this.now);
    const measures = new Map<string, Measure>();
    for (const { resourceType } of targets) {
      const { used, override } = entryOf(tx.layer, orgId, resourceType);
      const held = holds.reduce((sum, hold) => sum + (hold.resourceType === resourceType ? hold.countsAs : 0), 0);
      measures.set(resourceType, {
        override: live(override, this.now),
        current: used + held,
        reserved: held,
        pending: 0,
      });
    }
    this.measures = measures;
  }

  async findHold(by: { readonly id: string } | { readonly key: string }): Promise<Hold | null> {
    const holds = liveHolds(this.tx.layer, this.#orgId, this.now);
    return holds.find((hold) => ("id" in by ? hold.id === by.id : hold.key === by.key)) ?? null;
  }
}

export class LockedView extends View implements Locked<MemoryTransaction> {
  readonly #orgId: string;

  constructor(scope: Scope<MemoryTransaction>, tx: LayeredTransaction) {
    super(scope, tx);
    this.#orgId = scope.orgId;
  }

  async add(resourceType: ResourceType, amount: number): Promise<void> {
    const entry = entryOf(this.tx.layer, this.#orgId, resourceType);
    this.#put(entry, { used: Math.max(0, entry.used + amount) });
  }

  async setOverride(
    resourceType: ResourceType,
    override: Omit<Override, "resourceType" | "updatedAt"> | null,
  ): Promise<void> {
    const kept = override && { ...override, resourceType, updatedAt: this.now.toISOString() };
    this.#put(entryOf(this.tx.layer, this.#orgId, resourceType), { override: kept });
  }

  // There are no rows here, and so no keys of rows.
  async countedKeys(): Promise<ReadonlyMap<string, { pending: boolean }>> {
    return new Map();
  }

  async hold(hold: Hold): Promise<void> {
    const { layer } = this.tx;
    const table = holdsOf(this.#orgId);
    for (const [id, other] of layer.entries(table)) {
      if (isHold(other) && other.expiresAt <= this.now.toISOString()) layer.put(table, id, undefined);
    }
    layer.put(table, hold.id, { value: { ...hold, kind: "hold" } });
  }

  async endHold(id: string): Promise<void> {
    this.tx.layer.put(holdsOf(this.#orgId), id, undefined);
  }

  async recall(key: string): Promise<Replay | null> {
    const replay = this.tx.layer.get(replaysOf(this.#orgId), key);
    return isReplay(replay) && replay.expiresAt > this.now.toISOString() ? replay : null;
  }

  async remember(replay: Replay): Promise<void> {
    this.tx.layer.put(replaysOf(this.#orgId), replay.key, { value: { ...replay, kind: "replay" } });
  }

  async erase(): Promise<void> {
    const { layer } = this.tx;
    for (const [key, value] of layer.entries(TABLE)) {
      if (isEntry(value) && value.orgId === this.#orgId) layer.put(TABLE, key, undefined);
    }
    for (const table of [holdsOf(this.#orgId), replaysOf(this.#orgId)]) {
      for (const key of layer.entries(table).keys()) layer.put(table, key, undefined);
    }
  }

  #put(entry: Entry, change: Partial<Entry>): void {
    this.tx.layer.put(TABLE, keyOf(entry.orgId, entry.resourceType), { value: { ...entry, ...change } });
  }
}

/** Organisations with a finite limit. */
export function limitedIn(layer: MemoryLayer, now: Date): string[] {
  const orgIds = new Set<string>();
  for (const value of layer.entries(TABLE).values()) {
    if (isEntry(value) && typeof live(value.override, now)?.limit === "number") orgIds.add(value.orgId);
  }
  return [...orgIds];
}

function entryOf(layer: MemoryLayer, orgId: string, resourceType: string): Entry {
  const entry = layer.get(TABLE, keyOf(orgId, resourceType));
  return isEntry(entry) ? entry : { kind: "entry", orgId, resourceType, override: null, used: 0 };
}

function liveHolds(layer: MemoryLayer, orgId: string, now: Date): readonly KeptHold[] {
  const holds = layer.entries(holdsOf(orgId));
  if (holds.size === 0) return [];
  const moment = now.toISOString();
  return [...holds.values()].filter(isHold).filter(({ expiresAt }) => expiresAt > moment);
}

function live(override: Override | null, now: Date): Override | null {
  const ended = override === null || (override.expiresAt !== null && override.expiresAt <= now.toISOString());
  return ended ? null : { ...override };
}

function isEntry(value: unknown): value is Entry {
  return isKept(value) && value.kind === "entry";
}

function isHold(value: unknown): value is KeptHold {
  return isKept(value) && value.kind === "hold";
}

function isReplay(value: unknown): value is KeptReplay {
  return isKept(value) && value.kind === "replay";
}

function isKept(value: unknown): value is { readonly kind: unknown } {
  return typeof value === "object" && value !== null && "kind" in value;
}

// A resource type holds no space, so no two pairs make the same key.
function keyOf(orgId: string, resourceType: string): string {
  return `${resourceType} ${orgId}`;
}
