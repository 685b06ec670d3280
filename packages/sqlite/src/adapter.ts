import type { Kind } from "@x/entitlements-core";
import {
  type Adapter,
  hostTransaction,
  type Locked,
  type Scope,
  type TransactionOptions,
  untilAborted,
} from "@x/entitlements-core/adapter";
import { ConfigurationError } from "@x/entitlements-core/errors";
import type { SqliteBridge } from "./bridge.ts";
import { whileBusy } from "./busy.ts";
import { translated } from "./driver-errors.ts";
import { isStuck } from "./ending.ts";
import { assertLockNotHeldHere, assertMayClose, knowFile } from "./holding.ts";
import { inspectDatabase } from "./inspect.ts";
import { createLane } from "./lane.ts";
import { momentOf } from "./measure.ts";
import { databaseFile, fileOf, openSession } from "./open.ts";
import { patiently } from "./patience.ts";
import { assertOpen, inSavepoint } from "./savepoint.ts";
import { runMigrations } from "./schema.ts";
import { createSession, type Session } from "./session.ts";
import { tableNames } from "./sql/names.ts";
import { createViews } from "./views.ts";

export interface SqliteAdapterOptions {
  /** What our tables' names start with, a lower-case name such as `billing_`. Empty when left out. */
  readonly tablePrefix?: string | undefined;
}

export interface SqliteAdapter<Tx> extends Adapter<Tx, Kind> {
  /**
   * A transaction of the host's own on a connection of the adapter's, in line with the SDK's writes, which calls may join
   * by its `tx`: committed when `work` resolves, undone when it rejects. Throws `LockTimeoutError`, `StorageError`,
   * `ConfigurationError`, and what `work` throws.
   */
  transaction<T>(work: (tx: Tx) => T | Promise<T>, options?: TransactionOptions): Promise<T>;
}

/** How many reads that run a `count` function of the host's may be under way at once. */
const COUNTING_AT_ONCE = 4;

/**
 * Storage in an SQLite file. Writers of this process stand in one line and hold the file's write lock (BEGIN IMMEDIATE)
 * from before the count to the commit; other processes are waited for without blocking the event loop. Opens nothing
 * before the first use.
 */
export function sqliteAdapter<Tx extends object>(
  bridge: SqliteBridge<Tx>,
  options: SqliteAdapterOptions = {},
): SqliteAdapter<Tx> {
  const [misspelt] = Object.keys(options).filter((option) => option !== "tablePrefix");
  if (misspelt !== undefined) {
    throw new ConfigurationError(`sqliteAdapter has no option ${JSON.stringify(misspelt)}. It takes: tablePrefix.`);
  }
  const names = tableNames(options.tablePrefix ?? "");
  const views = createViews<Tx>(names);
  const { entitlements } = views;
  const openReader = () => openSession(bridge, { readOnly: true });
  const writers = createLane({ begin: "begin immediate", open: () => openSession(bridge) });
  const readers = createLane({ begin: "begin", open: openReader });
  const counting = createLane({ begin: "begin", open: openReader, atOnce: COUNTING_AT_ONCE, isWorn: isStuck });
  const writable = new WeakSet<Session<Tx>>();
  /** Callers' connections that are to the adapter's database, and which file that is. */
  const known = new WeakSet<Tx>();
  let file: string | undefined;
  let lookup: Promise<string> | undefined;

  /** The adapter's file, looked up on first use, once for all who wait for it. */
  function ownFile(signal: AbortSignal): Promise<string> {
    lookup ??= patiently((patience) => translated(patience, () => whileBusy(patience, () => fileOf(bridge)))).then(
      (found) => {
        knowFile(adapter, found);
        file = found;
        return found;
      },
      (error: unknown) => {
        lookup = undefined;
        throw error;
      },
    );
    return untilAborted(lookup, signal);
  }

  /** A transaction of the adapter's own with the write lock. */
  async function write<O extends { readonly commit: boolean }>(
    signal: AbortSignal,
    work: (session: Session<Tx>) => Promise<O>,
  ): Promise<O> {
    // Without a pause once it is known, so that callers are served in the order in which they came.
    assertLockNotHeldHere(file ?? (await ownFile(signal)));
    return writers.transaction(signal, work);
  }

  async function read<T>(
    lane: typeof readers,
    signal: AbortSignal,
    work: (session: Session<Tx>) => Promise<T>,
  ): Promise<T> {
    if (file === undefined) await ownFile(signal);
    return (await lane.transaction(signal, async (session) => ({ commit: true, value: await work(session) }))).value;
  }

  /** On the first use of a connection: BEGIN IMMEDIATE takes no lock on a file that may only be read. */
  async function assertWritable(session: Session<Tx>): Promise<void> {
    await session.exec(entitlements.lock);
    writable.add(session);
  }

  /** Another database knows none of our limits and would let everything pass. Asked once for each connection. */
  async function assertOurs(session: Session<Tx>, signal: AbortSignal): Promise<void> {
    if (known.has(session.tx)) return;
    const own = file ?? (await ownFile(signal));
    const callers = await databaseFile(session);
    if (callers !== own) {
      throw new ConfigurationError(
        `\`tx\` is a connection to another database (${JSON.stringify(callers)}) than the adapter's (${JSON.stringify(own)}). Pass one to the same file.`,
      );
    }
    known.add(session.tx);
  }

  type Work<O> = (locked: Locked<Tx>) => Promise<O>;

  function enforced<O extends { readonly commit: boolean }>(scope: Scope<Tx>, work: Work<O>): Promise<O> {
    return write(scope.signal, async (session) => {
      const view = await views.locked(session, scope);
      if (!writable.has(session)) await assertWritable(session);
      return work(view);
    });
  }

  async function joined<O extends { readonly commit: boolean }>(scope: Scope<Tx>, tx: Tx, work: Work<O>): Promise<O> {
    const session = createSession(bridge.join(tx));
    // A driver that lets one query in at a time may keep this one waiting for the caller's own.
    await untilAborted(assertOpen(session), scope.signal);
    const own = file ?? (await ownFile(scope.signal));
    const lock = {
      lock: entitlements.lock,
      assertWorthWaiting: () => assertLockNotHeldHere(own),
      explain: async () => {
        await assertOurs(session, scope.signal);
        await views.assertMigrated(session);
      },
    };
    return inSavepoint(scope.signal, session, lock, async () => {
      await assertOurs(session, scope.signal);
      return work(await views.locked(session, scope));
    });
  }

  const adapter: SqliteAdapter<Tx> = {
    name: "sqlite",
    kinds: ["rows", "counted", "counter", "feature"],

    locked: (scope, work) => (scope.tx === undefined ? enforced(scope, work) : joined(scope, scope.tx, work)),

    async read(scope, work) {
      if (scope.tx !== undefined) {
        const session = createSession(bridge.join(scope.tx));
        await untilAborted(assertOpen(session), scope.signal);
        await assertOurs(session, scope.signal);
        return work(await views.snapshot(session, scope));
      }
      const counts = scope.purpose === "usage" && scope.targets.some(({ resource }) => resource.kind === "counted");
      return read(counts ? counting : readers, scope.signal, async (session) =>
        work(await views.snapshot(session, scope)),
      );
    },

    limitedOrganisations: ({ after, size, clock }) =>
      patiently((signal) =>
        read(readers, signal, async (session) => {
          await views.assertMigrated(session);
          return entitlements.limitedOrganisations(session, after ?? "", size, momentOf(clock).toISOString());
        }),
      ),

    migrate: () =>
      patiently(async (signal) => {
        await write(signal, async (session) => {
          await runMigrations(session, names);
          return { commit: true };
        });
      }),

    inspect: (targets) =>
      patiently((signal) => read(readers, signal, (session) => inspectDatabase(session, names, entitlements, targets))),

    async close() {
      assertMayClose(adapter);
      await Promise.all([writers, readers, counting].map((lane) => lane.close()));
    },

    transaction: (work, timing) =>
      hostTransaction(adapter, work, timing, async (signal, run) => {
        const { value } = await write(signal, async ({ tx }) => ({ commit: true, value: await run(tx) }));
        return value;
      }),
  };
  return adapter;
}
