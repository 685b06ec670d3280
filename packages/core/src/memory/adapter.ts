import { untilAborted } from "../abort.ts";
import type { Adapter } from "../adapter.ts";
import { ConfigurationError } from "../errors.ts";
import { hostTransaction, type TransactionOptions } from "../host-transaction.ts";
import { createQueue, type Queue } from "../queue.ts";
import { type MemoryLayer, MemoryStore } from "./layer.ts";
import { LayeredTransaction, type MemoryTransaction } from "./transaction.ts";
import { LockedView, limitedIn, View } from "./views.ts";

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
        ? transaction(scope.signal, (tx) => work(new LockedView(scope, tx)))
        : savepoint(joined(scope.tx), (tx) => work(new LockedView(scope, tx))),
    read: async (scope, work) => {
      if (scope.tx !== undefined) return work(new View(scope, joined(scope.tx)));
      return store.read(async (layer) => {
        const tx = begin(layer);
        try {
          return await untilAborted(work(new View(scope, tx)), scope.signal);
        } finally {
          tx.end();
        }
      });
    },
    limitedOrganisations: async ({ after, size, clock }) => {
      return limitedIn(store.begin(), clock?.() ?? new Date())
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
