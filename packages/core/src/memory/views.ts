import type { Hold, Locked, Measure, Override, Replay, Scope, Snapshot } from "../adapter.ts";
import type { ResourceType } from "../resource-type.ts";
import type { MemoryLayer } from "./layer.ts";
import type { LayeredTransaction, MemoryTransaction } from "./transaction.ts";

/** What is kept for one organisation and resource type. */
interface Entry {
  readonly kind: "entry";
  readonly orgId: string;
  readonly override: Override | null;
  readonly used: number;
}

type KeptHold = Hold & { readonly kind: "hold" };
type KeptReplay = Replay & { readonly kind: "replay" };

const TABLE = "org_entitlement";
// A table for each organisation, so that one with many holds is no burden to the others.
const holdsOf = (orgId: string): string => `org_reservation ${orgId}`;
const replaysOf = (orgId: string): string => `org_idempotency ${orgId}`;

export function view(
  { orgId, targets, clock }: Scope<MemoryTransaction>,
  tx: LayeredTransaction,
): Snapshot<MemoryTransaction> {
  const now = clock?.() ?? new Date();
  const holds = liveHolds(tx.layer, orgId, now);
  const measures = new Map<string, Measure>();
  for (const { resourceType } of targets) {
    const entry = entryOf(tx.layer, orgId, resourceType);
    const held = holds.reduce((sum, hold) => sum + (hold.resourceType === resourceType ? hold.amount : 0), 0);
    measures.set(resourceType, { override: live(entry, now), current: entry.used + held, reserved: held });
  }
  return {
    tx,
    now,
    measures,
    findHold: async (by) =>
      liveHolds(tx.layer, orgId, now).find((hold) => ("id" in by ? hold.id === by.id : hold.key === by.key)) ?? null,
  };
}

export function lockedView(scope: Scope<MemoryTransaction>, tx: LayeredTransaction): Locked<MemoryTransaction> {
  const { orgId } = scope;
  const seen = view(scope, tx);
  const change = (resourceType: ResourceType, to: (entry: Entry) => Partial<Entry>): void => {
    const entry = entryOf(tx.layer, orgId, resourceType);
    tx.layer.put(TABLE, keyOf(orgId, resourceType), { value: { ...entry, ...to(entry) } });
  };
  return {
    ...seen,
    add: async (resourceType, amount) => change(resourceType, ({ used }) => ({ used: Math.max(0, used + amount) })),
    setOverride: async (resourceType, override) =>
      change(resourceType, () => ({
        override: override === null ? null : { ...override, resourceType, updatedAt: seen.now.toISOString() },
      })),
    // There are no rows here, and so no keys of rows.
    countedKeys: async () => new Map(),
    hold: async (hold) => {
      for (const [id, other] of tx.layer.entries(holdsOf(orgId))) {
        if (isHold(other) && other.expiresAt <= seen.now.toISOString()) tx.layer.put(holdsOf(orgId), id, undefined);
      }
      tx.layer.put(holdsOf(orgId), hold.id, { value: { ...hold, kind: "hold" } });
    },
    endHold: async (id) => tx.layer.put(holdsOf(orgId), id, undefined),
    recall: async (key) => {
      const replay = tx.layer.get(replaysOf(orgId), key);
      return isReplay(replay) && replay.expiresAt > seen.now.toISOString() ? replay : null;
    },
    remember: async (replay) => tx.layer.put(replaysOf(orgId), replay.key, { value: { ...replay, kind: "replay" } }),
    erase: async () => {
      for (const [key, value] of tx.layer.entries(TABLE)) {
        if (isEntry(value) && value.orgId === orgId) tx.layer.put(TABLE, key, undefined);
      }
      for (const table of [holdsOf(orgId), replaysOf(orgId)]) {
        for (const key of tx.layer.entries(table).keys()) tx.layer.put(table, key, undefined);
      }
    },
  };
}

/** Organisations with a finite limit. */
export function limitedIn(layer: MemoryLayer, now: Date): string[] {
  const orgIds = new Set<string>();
  for (const value of layer.entries(TABLE).values()) {
    if (isEntry(value) && typeof live(value, now)?.limit === "number") orgIds.add(value.orgId);
  }
  return [...orgIds];
}

function entryOf(layer: MemoryLayer, orgId: string, resourceType: string): Entry {
  const entry = layer.get(TABLE, keyOf(orgId, resourceType));
  return isEntry(entry) ? entry : { kind: "entry", orgId, override: null, used: 0 };
}

function liveHolds(layer: MemoryLayer, orgId: string, now: Date): readonly KeptHold[] {
  const holds = [...layer.entries(holdsOf(orgId)).values()].filter(isHold);
  return holds.filter(({ expiresAt }) => expiresAt > now.toISOString());
}

function live({ override }: Entry, now: Date): Override | null {
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
