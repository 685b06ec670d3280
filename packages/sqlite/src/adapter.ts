import type { Kind } from "@x/entitlements-core";
import type { Adapter, Locked, Scope, Target } from "@x/entitlements-core/adapter";
import { ConfigurationError, StorageError } from "@x/entitlements-core/errors";
import type { SqliteBridge } from "./bridge.ts";
import { inspectDatabase } from "./inspect.ts";
import { createLane, type Lane } from "./lane.ts";
import { isRows, measure, momentOf } from "./measure.ts";
import { databaseFile, fileOf, openSession } from "./open.ts";
import { assertOpen, inSavepoint } from "./savepoint.ts";
import { assertCurrent, missingPart, runMigrations, schemaVersion } from "./schema.ts";
import { createSession, type Session } from "./session.ts";
import { entitlementSql } from "./sql/entitlement.ts";
import { tableNames } from "./sql/names.ts";
import { assertWhere } from "./sql/where.ts";

export interface SqliteAdapterOptions {
  /** What our tables' names start with, a lower-case name such as `billing_`. Empty when left out. */
  readonly tablePrefix?: string | undefined;
}

/** How long migrating and inspecting, which have no deadline of their own, may wait for other writers. */
const PATIENCE_MS = 30_000;

/**
 * Storage in an SQLite file. Writers of this process stand in one line and hold the file's write lock (BEGIN IMMEDIATE)
 * from before the count to the commit; other processes are waited for without blocking the event loop. Opens nothing
 * before the first use.
 */
export function sqliteAdapter<Tx extends object>(
  bridge: SqliteBridge<Tx>,
  options: SqliteAdapterOptions = {},
): Adapter<Tx, Kind> {
  const [misspelt] = Object.keys(options).filter((option) => option !== "tablePrefix");
  if (misspelt !== undefined) {
    throw new ConfigurationError(`sqliteAdapter has no option ${JSON.stringify(misspelt)}. It takes: tablePrefix.`);
  }
  const names = tableNames(options.tablePrefix ?? "");
  const entitlements = entitlementSql(names);
  const writers = createLane("begin immediate", () => openSession(bridge));
  const readers = createLane("begin", () => openSession(bridge));
  // What a function of the host's reads and leaves half-way (an iterator) would hold a connection to the past for good.
  const counting = createLane("begin", () => openSession(bridge), { once: true });
  const checked = new WeakSet<object>();
  const writable = new WeakSet<Session<Tx>>();
  /** Callers' connections that are to the adapter's database, and which file that is. */
  const known = new WeakSet<Tx>();
  let file: string | undefined;
  let current = false;

  /** On first use: our tables, and the host's that a target names. */
  async function assertReady(session: Session<Tx>, targets: readonly Target<Tx>[]): Promise<void> {
    if (!current) {
      assertCurrent(await schemaVersion(session, names));
      current = true;
    }
    for (const target of targets.filter(isRows)) {
      if (checked.has(target.resource)) continue;
      assertWhere(target);
      const missing = await missingPart(session, target);
      if (missing !== null) throw new ConfigurationError(missing);
      checked.add(target.resource);
    }
  }

  /** On the first use of a connection: BEGIN IMMEDIATE takes no lock on a file that may only be read. */
  async function assertWritable(session: Session<Tx>): Promise<void> {
    if (writable.has(session)) return;
    await session.exec(entitlements.lock);
    writable.add(session);
  }

  /** Another database knows none of our limits and would let everything pass. Asked once for each connection. */
  async function assertOurs(session: Session<Tx>): Promise<void> {
    if (known.has(session.tx)) return;
    file ??= await fileOf(bridge);
    const callers = await databaseFile(session);
    if (callers !== file) {
      throw new ConfigurationError(
        `\`tx\` is a connection to another database (${JSON.stringify(callers)}) than the adapter's (${JSON.stringify(file)}). Pass one to the same file.`,
      );
    }
    known.add(session.tx);
  }

  async function snapshot(session: Session<Tx>, scope: Scope<Tx>) {
    await assertReady(session, scope.targets);
    return { tx: session.tx, measures: await measure(entitlements, session, scope) };
  }

  async function locked(session: Session<Tx>, scope: Scope<Tx>): Promise<Locked<Tx>> {
    const { orgId, clock } = scope;
    const now = (): string => momentOf(clock).toISOString();
    return {
      ...(await snapshot(session, scope)),
      add: (resourceType, amount) => entitlements.add(session, { orgId, resourceType }, amount, now()),
      setOverride: (resourceType, override) =>
        entitlements.setOverride(session, { orgId, resourceType }, override, now()),
      erase: () => entitlements.erase(session, orgId),
    };
  }

  return {
    name: "sqlite",
    kinds: ["rows", "counted", "counter", "feature"],

    async locked(scope, work) {
      if (scope.tx === undefined) {
        return writers.transaction(scope.signal, async (session) => {
          const view = await locked(session, scope);
          await assertWritable(session);
          return work(view);
        });
      }
      const session = createSession(bridge.join(scope.tx));
      const ready = async (): Promise<void> => {
        await assertOurs(session);
        await assertReady(session, []);
      };
      return inSavepoint(scope.signal, session, { lock: entitlements.lock, explain: ready }, async () => {
        await ready();
        return work(await locked(session, scope));
      });
    },

    async read(scope, work) {
      if (scope.tx !== undefined) {
        const session = createSession(bridge.join(scope.tx));
        await assertOpen(session);
        await assertOurs(session);
        return work(await snapshot(session, scope));
      }
      const lane = scope.targets.some(({ resource }) => resource.kind === "counted") ? counting : readers;
      return lane.transaction(scope.signal, async (session) => work(await snapshot(session, scope)));
    },

    limitedOrganisations: ({ after, size, clock }) =>
      patiently(readers, async (session) => {
        await assertReady(session, []);
        return entitlements.limitedOrganisations(session, after ?? "", size, momentOf(clock).toISOString());
      }),

    migrate: () => patiently(writers, (session) => runMigrations(session, names)),

    inspect: (targets) => patiently(readers, (session) => inspectDatabase(session, names, entitlements, targets)),

    async close() {
      await Promise.all([writers, readers, counting].map((lane) => lane.close()));
    },
  };
}

async function patiently<Tx extends object, T>(lane: Lane<Tx>, work: (session: Session<Tx>) => Promise<T>): Promise<T> {
  const patience = new AbortController();
  const timer = setTimeout(() => {
    patience.abort(
      new StorageError(`Other writers held the database for ${PATIENCE_MS / 1000} s. Nothing was changed; try again.`, {
        outcome: "rolled-back",
      }),
    );
  }, PATIENCE_MS);
  try {
    return await lane.transaction(patience.signal, work);
  } finally {
    clearTimeout(timer);
  }
}
