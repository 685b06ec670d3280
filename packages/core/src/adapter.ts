/**
 * The contract between the enforcement and a storage, for those who write adapters. `testAdapter` of
 * `@x/entitlements-core/testing` proves it. MUST is meant literally.
 */
import type { Kind } from "./resources.ts";
import type { Finding, Hold, Ledger, Measure, Override, Replay, Target } from "./stored.ts";

export { untilAborted } from "./abort.ts";
export { hostTransaction, type TransactionOptions } from "./host-transaction.ts";
export { isWithinCall } from "./nesting.ts";
export { createQueue, type Queue } from "./queue.ts";
export { sqlFor } from "./resources.ts";
export { assertCurrent, assertNotNewer, type KnownSchema } from "./schema-version.ts";
export type { Finding, Hold, Ledger, Measure, Override, Replay, Target };

/** What one call is about. */
export interface Scope<Tx> {
  readonly orgId: string;
  /** Sorted by resource type: the order in which locks MUST be taken. */
  readonly targets: readonly Target<Tx>[];
  /**
   * `claim` and `record` (locked) and `usage` (read) want limits and counts. `change` (locked) and `limits` (read) want limits
   * alone: no row of the host's MUST be touched. Claims on what is unlimited, and on features, may share a lock, but for counters; one that also
   * keeps a hold or a result (`record`) and a change exclude everybody.
   */
  readonly purpose: "claim" | "record" | "change" | "usage" | "limits";
  /** The caller's own open transaction, to be joined in a savepoint. Without it the adapter opens one. */
  readonly tx: Tx | undefined;
  /**
   * Aborts the wait for the lock, and in the adapter's own transaction the work too: everything MUST be undone, the
   * connection cut off from what still runs, and the call reject with `signal.reason`.
   */
  readonly signal: AbortSignal;
  /** Until when the lock may be waited for, in `performance.now()` milliseconds: for storages with a time-out of their own. */
  readonly deadline: number;
  /** The host's clock for tests. Without it the storage's own time decides, read after the lock is held. */
  readonly clock: (() => Date) | undefined;
}

/** One consistent view. */
export interface Snapshot<Tx> {
  readonly tx: Tx;
  /** The moment of the view: what had expired by then is left out. */
  readonly now: Date;
  /** An entry for each target, by resource type. */
  readonly measures: ReadonlyMap<string, Measure>;
  /** The organisation's live hold with this id or key. */
  findHold(by: { readonly id: string } | { readonly key: string }): Promise<Hold | null>;
}

/** A view under the lock, and the writes that commit with it or not at all. */
export interface Locked<Tx> extends Snapshot<Tx>, Ledger {}

/** A view before the lock, which may be outdated, and what can be kept together with what is written. */
export interface Unlocked<Tx> extends Snapshot<Tx>, Pick<Ledger, "recall" | "remember"> {}

/** What was found under the lock, the call's own rows and units included. */
export interface Exceeded {
  readonly resourceType: string;
  readonly limit: number;
  readonly current: number;
}

export interface Adapter<Tx, K extends Kind = Kind> {
  /** For messages. */
  readonly name: string;
  readonly kinds: readonly K[];
  /**
   * In one transaction on one connection: lock the targets, measure them, run `work`, then commit where it resolved to
   * `commit: true`. MUST exclude every other `locked` call of the same organisation and resource type until the commit,
   * also where no limit is stored; MUST measure after the lock is held; MUST undo everything where `work` resolved to
   * `commit: false` (the connection may then serve others), where it rejected (parts of it may still run, so nobody else
   * may get the connection) and where the commit fails; rejects with what `work` threw as it is. In a caller's
   * transaction whatever was undone MUST leave it usable, with its settings as before. Throws `LockTimeoutError`,
   * `TransactionConflictError` (the core runs it again where `tx` is not given), `StorageError`, `ConfigurationError`.
   */
  locked<O extends { readonly commit: boolean }>(
    scope: Scope<Tx>,
    work: (locked: Locked<Tx>) => Promise<O>,
  ): Promise<O>;
  /**
   * For `locking: "at-commit"`. In one transaction: measure without a lock, run `work`; where it resolved to `commit: true`
   * lock, add what `counter`s claim, measure again with the call's own rows, and commit, all at once, if no target of which
   * `amounts` claims more than 0 is above its limit. Else MUST undo everything and resolve to what `refuse` makes of it.
   * `amounts` is complete once `work` has resolved, and empty where that returns the result of an earlier call. All
   * that `locked` MUST holds here as well. Throws a `ConfigurationError` where `tx` is given or the driver cannot do it.
   * Left out by storages with one writer at a time, where it would spare nobody anything: there it means `locked`.
   */
  atCommit?<O extends { readonly commit: boolean }>(
    scope: Scope<Tx>,
    amounts: ReadonlyMap<string, number>,
    work: (view: Unlocked<Tx>) => Promise<O>,
    refuse: (exceeded: Exceeded) => O,
  ): Promise<O>;
  /** Reads without a lock, in one snapshot, and MUST NOT wait for those who hold one. */
  read<T>(scope: Scope<Tx>, work: (snapshot: Snapshot<Tx>) => Promise<T>): Promise<T>;
  /** Organisations with a finite limit, sorted, those after `after` first; at most `size`. */
  limitedOrganisations(page: {
    after: string | null;
    size: number;
    clock: Scope<Tx>["clock"];
  }): Promise<readonly string[]>;
  /** Brings our tables up to date, also when several processes start at once. Throws `ConfigurationError` on a newer schema. */
  migrate(): Promise<void>;
  /** Looks for what is missing or slow. Changes nothing. */
  inspect(targets: readonly Target<Tx>[]): Promise<readonly Finding[]>;
  /** Closes what the adapter opened, never what the host handed in. Idempotent. */
  close(): Promise<void>;
}
