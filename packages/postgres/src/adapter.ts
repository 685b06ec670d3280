import type { Kind } from "@x/entitlements-core";
import type { Adapter, Locked, Scope, Snapshot } from "@x/entitlements-core/adapter";
import { ConfigurationError } from "@x/entitlements-core/errors";
import { type Announcement, createAnnouncement } from "./announcement.ts";
import { commitIfWithin } from "./at-commit.ts";
import type { Answer, PostgresBridge } from "./bridge.ts";
import { checkedTargets } from "./checked-targets.ts";
import { createGate } from "./gate.ts";
import { inspectDatabase } from "./inspect.ts";
import { keepingOf } from "./keeping.ts";
import { createLocking, deadlinePassed, LockWaitEnded, typesOf, waitMs } from "./locking.ts";
import { counts, createMeasuring, isRows, momentSql } from "./measure.ts";
import { runMigrations } from "./migrate.ts";
import { BEGIN, BEGIN_READING, commitMarked, onConnection, ownTransaction } from "./own-transaction.ts";
import { inSavepoint, type Savepoint } from "./savepoint.ts";
import { inOwnTransaction, inSavepointOf } from "./sending.ts";
import { createSession, isIsolated, type Session } from "./session.ts";
import { BEGUN, type Begun, begunIn, GUARD } from "./settings.ts";
import { entitlementSql } from "./sql/entitlement.ts";
import { type NamesOptions, tableNames } from "./sql/names.ts";
import { reservationSql } from "./sql/reservation.ts";
import { LockedView, type Statements, View } from "./views.ts";

export interface PostgresAdapterOptions<Tx> extends NamesOptions {
  /** Where `check`, `usage` and `overLimit` read, such as a pool of a replica; it may lag behind. Enforcement never reads there. */
  readonly reader?: PostgresBridge<Tx> | undefined;
}

/** One holds the lock, the next is at the server already when it is let go of. */
const PLACES = 2;
/** With the lock in the COMMIT functions may run side by side; half of the pool of pg's default size is left to others. */
const LATE_PLACES = 5;

/** What a read is sent between, and what undoes it where it fails. */
interface Around {
  readonly begin: () => readonly string[];
  /** Hears what came of that. */
  readonly begun?: (answers: readonly Answer[]) => void;
  readonly end?: readonly string[];
  readonly undo: () => readonly string[];
}

const ROLLBACK = (): readonly string[] => ["rollback"];
const READING: Around = { begin: () => [BEGIN_READING], undo: ROLLBACK };

/** For how long an operator's call waits for a connection and runs, in milliseconds. */
const PATIENCE_MS = 30_000;

/**
 * Storage in PostgreSQL 14 and newer. Each organisation and resource type has an anchor row that is locked from before the
 * count to the commit. Touches no database before the first use. Throws a `ConfigurationError` on an
 * option it does not know, and on what is no bridge.
 */
export function postgresAdapter<Tx extends object>(
  bridge: PostgresBridge<Tx>,
  options: PostgresAdapterOptions<Tx> = {},
): Adapter<Tx, Kind> {
  const { reader = bridge, schema, tablePrefix, ...unknown } = options;
  const [misspelt] = Object.keys(unknown);
  if (misspelt !== undefined)
    throw new ConfigurationError(
      `postgresAdapter has no option ${JSON.stringify(misspelt)}. It takes: schema, tablePrefix, reader.`,
    );
  for (const [what, one] of Object.entries({ bridge, reader })) assertBridge(what, one);
  const names = tableNames({ schema, tablePrefix });
  const statements: Statements = {
    names,
    entitlements: entitlementSql(names),
    reservations: reservationSql(names),
    measuring: createMeasuring(names),
  };
  const { entitlements, measuring } = statements;
  const gate = createGate(PLACES);
  const lateGate = createGate(LATE_PLACES);
  const locking = createLocking<Tx>(statements);
  const targets = checkedTargets(names);
  const announcements = new WeakMap<Scope<Tx>, Announcement<Tx>>();
  let closed = false;

  type Work<O> = (locked: Locked<Tx>) => Promise<O>;

  function assertNotClosed(): void {
    if (closed) throw new ConfigurationError("The adapter has been closed. Make a new one to go on.");
  }

  /** The same one where a call is run again. */
  function announcementOf(scope: Scope<Tx>): Announcement<Tx> {
    const made = announcements.get(scope) ?? createAnnouncement<Tx>(entitlements, scope.orgId, typesOf(scope));
    announcements.set(scope, made);
    return made;
  }

  async function enforced<O extends { readonly commit: boolean }>(scope: Scope<Tx>, work: Work<O>): Promise<O> {
    const { orgId, signal } = scope;
    const ms = waitMs(scope);
    const announcement = announcementOf(scope);
    const { withdrawal } = announcement;
    const leave = locking.isLikelyShared(scope) ? undefined : await gate.enter(keysOf(scope), signal);
    try {
      return await ownTransaction(
        bridge,
        signal,
        async ({ session, hand }) => {
          await targets.assertCountable(session, scope);
          const sent = inOwnTransaction(session, scope, announcement);
          const seen = await targets.explained(session, scope, sent.undo, () =>
            locking.lockAndMeasure(session, scope, sent),
          );
          const keeping = keepingOf({ names, orgId, ms, role: seen.role, joined: false });
          const outcome = await hand(() => work(new LockedView(statements, session, scope, seen, { keeping })));
          if (outcome.commit) session.putOff(keeping, ...withdrawal());
          return outcome;
        },
        commitMarked,
        withdrawal,
      );
    } finally {
      leave?.();
    }
  }

  /** In a savepoint, because a statement that fails would fail the caller's transaction. */
  async function checkInSavepoint(session: Session<Tx>, scope: Scope<Tx>, { make, undo }: Savepoint): Promise<void> {
    const unchecked = targets.isUnchecked(scope);
    if (unchecked) await session.run(make());
    await targets.assertCountable(session, scope);
    if (unchecked) await session.run(undo());
  }

  function joined<O extends { readonly commit: boolean }>(scope: Scope<Tx>, tx: Tx, work: Work<O>): Promise<O> {
    const session = createSession(bridge.join(tx));
    const ms = waitMs(scope);
    return inSavepoint(session, async (savepoint) => {
      await checkInSavepoint(session, scope, savepoint);
      const sent = inSavepointOf(session, scope, savepoint, entitlements, locking);
      const seen = await targets.explained(session, scope, sent.undo, () =>
        locking.lockAndMeasure(session, scope, sent),
      );
      const isolated = scope.purpose === "change" && (await isIsolated(session));
      const keeping = keepingOf({ names, orgId: scope.orgId, ms, role: seen.role, joined: true });
      return savepoint.hand(() => work(new LockedView(statements, session, scope, seen, { keeping, isolated })));
    });
  }

  async function seenIn(session: Session<Tx>, scope: Scope<Tx>, { begin, begun, end = [], undo }: Around) {
    const types = typesOf(scope);
    const stored = types.length === 0 ? null : entitlements.read(scope.orgId, types);
    return targets.explained(session, scope, undo, async () => {
      const answers = await session.run([...begin(), measuring.readSql(scope, stored), ...end]);
      begun?.(answers);
      return measuring.read(scope, answers.at(-1 - end.length));
    });
  }

  async function readOwn<T>(scope: Scope<Tx>, work: (snapshot: Snapshot<Tx>) => Promise<T>): Promise<T> {
    const from = scope.purpose === "usage" ? reader : bridge;
    const hostCounts = counts(scope) && scope.targets.some(({ resource }) => resource.kind === "counted");
    if (!hostCounts)
      return onConnection(from, scope.signal, async (session) => {
        await targets.assertCountable(session, scope);
        const seen = await seenIn(session, scope, { ...READING, end: ["commit"] });
        return work(new View(statements, session, scope, seen));
      });
    // The transaction stays open for the functions of the host's that count.
    const { value } = await ownTransaction(from, scope.signal, async ({ session, hand }) => {
      await targets.assertCountable(session, scope);
      const view = new View(statements, session, scope, await seenIn(session, scope, READING));
      return { commit: true, value: await hand(() => work(view)) };
    });
    return value;
  }

  async function readJoined<T>(scope: Scope<Tx>, tx: Tx, work: (snapshot: Snapshot<Tx>) => Promise<T>): Promise<T> {
    const session = createSession(bridge.join(tx));
    const { value } = await inSavepoint(session, async (savepoint) => {
      await checkInSavepoint(session, scope, savepoint);
      const { make, undo, hand } = savepoint;
      const seen = await seenIn(session, scope, { begin: make, undo });
      return { commit: true, value: await hand(() => work(new View(statements, session, scope, seen))) };
    });
    return value;
  }

  return {
    name: "postgres",
    kinds: ["rows", "counted", "counter", "feature"],

    async locked(scope, work) {
      assertNotClosed();
      try {
        return await (scope.tx === undefined ? enforced(scope, work) : joined(scope, scope.tx, work));
      } catch (error) {
        if (scope.tx === undefined) locking.heed(scope, error);
        if (error instanceof LockWaitEnded) return deadlinePassed(scope.signal);
        throw error;
      }
    },

    async atCommit(scope, amounts, work, refuse) {
      assertNotClosed();
      if (!bridge.sendsCommit)
        throw new ConfigurationError(
          'This driver sends the COMMIT itself, so `locking: "at-commit"` is not to be had on it. Leave it out, or use fromPg, fromPostgresJs or fromDrizzle.',
        );
      const { orgId, signal } = scope;
      /** What is left for the wait for the lock: the function's time is its own. */
      let left = waitMs(scope);
      let begun: Begun = { role: null, searchPath: null };
      let keeping = keepingOf({ names, orgId, ms: left, role: null, joined: false });
      const announcement = announcementOf(scope);
      const leave = locking.isLikelyShared(scope) ? undefined : await lateGate.enter(keysOf(scope), signal);
      try {
        return await ownTransaction(
          bridge,
          signal,
          async ({ session, hand }) => {
            await targets.assertCountable(session, scope);
            const seen = await seenIn(session, scope, {
              begin: () => [BEGIN, BEGUN, GUARD],
              begun([, asked]) {
                begun = begunIn(asked?.rows[0]);
              },
              undo: ROLLBACK,
            });
            locking.remember(scope, seen);
            left = waitMs(scope);
            keeping = keepingOf({ names, orgId, ms: left, role: begun.role, joined: false });
            return hand(() => work(new LockedView(statements, session, scope, seen, { keeping })));
          },
          async (session, outcome) => {
            const commit = { statements, locking, session, scope, amounts, begun, ms: left, keeping, announcement };
            const exceeded = await commitIfWithin(commit);
            return exceeded === null ? outcome : refuse(exceeded);
          },
          announcement.withdrawal,
        );
      } finally {
        leave?.();
      }
    },

    async read(scope, work) {
      assertNotClosed();
      return scope.tx === undefined ? readOwn(scope, work) : readJoined(scope, scope.tx, work);
    },

    limitedOrganisations: ({ after, size, clock }) =>
      onConnection(reader, AbortSignal.timeout(PATIENCE_MS), async (session) => {
        await targets.assertMigrated(session);
        const found = await session.rows(entitlements.limitedOrganisations(after ?? "", size, momentSql(clock)));
        return found.map((row) => String(row["org_id"]));
      }),

    migrate: () => onConnection(bridge, AbortSignal.timeout(PATIENCE_MS), (session) => runMigrations(session, names)),

    inspect: (wanted) =>
      onConnection(bridge, AbortSignal.timeout(PATIENCE_MS), (session) =>
        inspectDatabase(session, statements, wanted.filter(isRows), wanted),
      ),

    async close() {
      closed = true;
    },
  };
}

function assertBridge(what: string, bridge: unknown): void {
  const { connect, join }: { connect?: unknown; join?: unknown } = Object(bridge);
  if (typeof connect === "function" && typeof join === "function") return;
  throw new ConfigurationError(
    `The ${what} of postgresAdapter must be made from your pool or database, such as postgresAdapter(fromPg(pool)); it cannot be the pool itself.`,
  );
}

/** What callers stand in line for. */
function keysOf({ orgId, targets }: Pick<Scope<never>, "orgId" | "targets">): readonly string[] {
  return targets.map(({ resourceType }) => `${orgId}\0${resourceType}`);
}
