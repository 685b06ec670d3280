import { untilAborted } from "../abort.ts";
import type { Adapter, Locked, Measure, Override, Scope, Snapshot } from "../adapter.ts";
import { ConfigurationError } from "../errors.ts";
import { hostTransaction, type TransactionOptions } from "../host-transaction.ts";
import { createQueue, type Queue } from "../queue.ts";
import type { ResourceType } from "../resource-type.ts";
import { type MemoryLayer, MemoryStore } from "./layer.ts";
import { LayeredTransaction, type MemoryTransaction } from "./transaction.ts";

/** The kinds that need no SQL. */
export type MemoryKind = "counted" | "counter" | "feature";

/** Storage in this process's memory: the contract's reference, for tests and for trying things out. Nothing outlives it. */
export interface MemoryAdapter extends Adapter<MemoryTransaction, MemoryKind> {
  /**
   * A transaction of the host's own, in line with the SDK's, which calls may join by its `tx`: committed when `work`
   * resolves, undone when it rejects. Throws `LockTimeoutError`, `ConfigurationError`, and what `work` throws.
   */
  transaction<T>(work: (tx: MemoryTransaction) => T | Promise<T>, options?: TransactionOptions): Promise<T>;
  /** The committed rows of one of the host's tables, copied. */
  rows(table: string): Map<string, unknown>;
}

/** What is kept for one organisation and resource type. */
interface Entry {
  readonly orgId: string;
  readonly override: Override | null;
  readonly used: number;
}

const TABLE = "org_entitlement";

/** Makes an empty storage. One transaction runs at a time, the others wait in line. */
export function memoryAdapter(): MemoryAdapter {
  return createMemoryAdapter(createQueue());
}

/** The queue is the lock: with another one the suite shows what it is there for. */
export function createMemoryAdapter(queue: Queue): MemoryAdapter {
  const store = new MemoryStore();
  const ours = new WeakSet<MemoryTransaction>();

  function begin(layer: MemoryLayer): LayeredTransaction {
    const tx = new LayeredTransaction(layer);
    ours.add(tx);
    return tx;
  }

  // Another storage knows none of our limits, so its transaction would let everything pass.
  function joined(tx: MemoryTransaction): LayeredTransaction {
    if (tx instanceof LayeredTransaction && ours.has(tx)) return tx;
    throw new ConfigurationError(
      "`tx` is no transaction of this memory adapter. Pass the one that its transaction() or your enforced function was given.",
    );
  }

  async function transaction<O extends { readonly commit: boolean }>(
    signal: AbortSignal,
    work: (tx: LayeredTransaction) => Promise<O>,
  ): Promise<O> {
    const end = await queue.turn(signal);
    const layer = store.begin();
    const tx = begin(layer);
    try {
      const outcome = await untilAborted(work(tx), signal);
      if (outcome.commit) store.commit(layer);
      return outcome;
    } finally {
      tx.end();
      end();
    }
  }

  const adapter: MemoryAdapter = {
    name: "memory",
    kinds: ["counted", "counter", "feature"],
    locked: async (scope, work) =>
      scope.tx === undefined
        ? transaction(scope.signal, (tx) => work(lockedView(scope, tx)))
        : savepoint(joined(scope.tx), (tx) => work(lockedView(scope, tx))),
    read: async (scope, work) => {
      if (scope.tx !== undefined) return work(view(scope, joined(scope.tx)));
      return store.read(async (layer) => {
        const tx = begin(layer);
        try {
          return await untilAborted(work(view(scope, tx)), scope.signal);
        } finally {
          tx.end();
        }
      });
    },
    limitedOrganisations: async ({ after, size, clock }) => {
      const orgIds = new Set<string>();
      const now = clock?.() ?? new Date();
      for (const value of store.begin().entries(TABLE).values()) {
        if (isEntry(value) && typeof live(value, now)?.limit === "number") orgIds.add(value.orgId);
      }
      return [...orgIds]
        .sort()
        .filter((orgId) => after === null || orgId > after)
        .slice(0, size);
    },
    migrate: async () => {},
    inspect: async () => [],
    close: async () => {},
    transaction: (work, options) =>
      hostTransaction(adapter, work, options, async (signal, run) => {
        const { value } = await transaction(signal, async (tx) => ({ commit: true, value: await run(tx) }));
        return value;
      }),
    rows: (table) => structuredClone(store.begin().entries(table)),
  };
  return adapter;
}

async function savepoint<O extends { readonly commit: boolean }>(
  tx: LayeredTransaction,
  work: (tx: LayeredTransaction) => Promise<O>,
): Promise<O> {
  const layer = tx.nest();
  try {
    const outcome = await work(tx);
    if (tx.layer !== layer)
      throw new ConfigurationError("Calls in one transaction overlapped. Await each before you start the next.");
    if (outcome.commit) layer.merge();
    return outcome;
  } finally {
    tx.unnest(layer);
  }
}

function lockedView(scope: Scope<MemoryTransaction>, tx: LayeredTransaction): Locked<MemoryTransaction> {
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
    erase: async () => {
      for (const [key, value] of tx.layer.entries(TABLE)) {
        if (isEntry(value) && value.orgId === orgId) tx.layer.put(TABLE, key, undefined);
      }
    },
  };
}

function view(
  { orgId, targets, clock }: Scope<MemoryTransaction>,
  tx: LayeredTransaction,
): Snapshot<MemoryTransaction> {
  const now = clock?.() ?? new Date();
  const measures = new Map<string, Measure>();
  for (const { resourceType } of targets) {
    const entry = entryOf(tx.layer, orgId, resourceType);
    measures.set(resourceType, { override: live(entry, now), current: entry.used, reserved: 0 });
  }
  return { tx, now, measures };
}

function entryOf(layer: MemoryLayer, orgId: string, resourceType: string): Entry {
  const entry = layer.get(TABLE, keyOf(orgId, resourceType));
  return isEntry(entry) ? entry : { orgId, override: null, used: 0 };
}

function isEntry(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && "orgId" in value && "override" in value && "used" in value;
}

function live({ override }: Entry, now: Date): Override | null {
  const ended = override === null || (override.expiresAt !== null && override.expiresAt <= now.toISOString());
  return ended ? null : { ...override };
}

// A resource type holds no space, so no two pairs make the same key.
function keyOf(orgId: string, resourceType: string): string {
  return `${resourceType} ${orgId}`;
}
