/** The part of a Kysely `Dialect` that is used. */
export interface KyselyDialect<Db, Introspector, Compiler, DialectAdapter> {
  createDriver(): KyselyDriver;
  createIntrospector(db: Db): Introspector;
  createQueryCompiler(): Compiler;
  createAdapter(): DialectAdapter;
}

interface KyselyDriver {
  init(): Promise<void>;
  acquireConnection(): Promise<KyselyConnection>;
  releaseConnection(connection: KyselyConnection): Promise<void>;
  beginTransaction(connection: KyselyConnection, settings: object): Promise<void>;
  commitTransaction(connection: KyselyConnection): Promise<void>;
  rollbackTransaction(connection: KyselyConnection): Promise<void>;
  savepoint?(connection: KyselyConnection, name: string, compile: unknown): Promise<void>;
  rollbackToSavepoint?(connection: KyselyConnection, name: string, compile: unknown): Promise<void>;
  releaseSavepoint?(connection: KyselyConnection, name: string, compile: unknown): Promise<void>;
  destroy(): Promise<void>;
}

interface KyselyConnection {
  executeQuery<R>(query: KyselyQuery): Promise<Result<R>>;
  streamQuery<R>(query: KyselyQuery, chunkSize?: number): AsyncIterableIterator<Result<R>>;
}

/** Kysely's `CompiledQuery`, typed as a statement that is written out: that needs no import. Those of other kinds pass through as well. */
export interface KyselyQuery {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly query: {
    readonly kind: "RawNode";
    readonly sqlFragments: readonly string[];
    readonly parameters: readonly [];
  };
  readonly queryId: { readonly queryId: string };
}

interface Result<R> {
  readonly rows: R[];
  readonly insertId?: bigint;
  readonly numAffectedRows?: bigint;
  readonly numChangedRows?: bigint;
}

/** The part of `sqliteAdapter(fromKysely(…))` that is used. */
interface Line {
  transaction<T>(work: (tx: Executor) => Promise<T>): Promise<T>;
}

interface Executor {
  withoutPlugins(): { executeQuery<R>(query: KyselyQuery): Promise<Result<R>> };
}

/** A transaction of the host's that is open, in the line's own. */
interface Open {
  readonly tx: ReturnType<Executor["withoutPlugins"]>;
  readonly ended: Promise<void>;
  commit(): void;
  rollback(reason: symbol): void;
}

const ROLLED_BACK = Symbol("rolled back");

/**
 * A dialect whose writes and transactions stand in the line of the SDK's, for hosts that write through Kysely on their own, as
 * better-auth does: a synchronous driver on another connection would block the event loop that the holder of the lock
 * needs, and fail as busy. Reads go to `dialect` as ever. Writes throw a `LockTimeoutError` where their turn does not come.
 */
export function queuedDialect<Db, Introspector, Compiler, DialectAdapter>(
  dialect: KyselyDialect<Db, Introspector, Compiler, DialectAdapter>,
  adapter: Line,
): KyselyDialect<Db, Introspector, Compiler, DialectAdapter> {
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => queuedDriver(dialect.createDriver(), adapter),
  };
}

function queuedDriver(reads: KyselyDriver, line: Line): KyselyDriver {
  const open = new WeakMap<KyselyConnection, Open>();
  /** Those whose commit has failed and was not rolled back yet: what comes on them must not be written by itself. */
  const failed = new WeakSet<KyselyConnection>();

  const over = () => new Error("This transaction has ended.");

  function connection(): KyselyConnection {
    const own: KyselyConnection = {
      async executeQuery<R>(query: KyselyQuery): Promise<Result<R>> {
        const current = open.get(own);
        if (current !== undefined) return current.tx.executeQuery<R>(query);
        if (failed.has(own)) throw over();
        if (!isRead(query)) return line.transaction((tx) => tx.withoutPlugins().executeQuery<R>(query));
        return reading((other) => other.executeQuery<R>(query));
      },
      async *streamQuery<R>(query: KyselyQuery, chunkSize?: number) {
        if (open.has(own)) yield await own.executeQuery<R>(query);
        else {
          const other = await reads.acquireConnection();
          try {
            yield* other.streamQuery<R>(query, chunkSize);
          } finally {
            await reads.releaseConnection(other);
          }
        }
      },
    };
    return own;
  }

  async function reading<T>(work: (other: KyselyConnection) => Promise<T>): Promise<T> {
    const other = await reads.acquireConnection();
    try {
      return await work(other);
    } finally {
      await reads.releaseConnection(other);
    }
  }

  function begin(own: KyselyConnection): Promise<void> {
    failed.delete(own);
    return new Promise((begun, refused) => {
      const ended: Promise<void> = line.transaction(
        (tx) =>
          new Promise<void>((commit, rollback) => {
            // The line has not answered yet, so `ended` is there by the time that anything is run.
            queueMicrotask(() => {
              open.set(own, { tx: tx.withoutPlugins(), ended, commit, rollback });
              begun();
            });
          }),
      );
      // Where it never began; later whoever commits or rolls back is told.
      ended.catch(refused);
    });
  }

  function take(own: KyselyConnection): Open {
    const current = open.get(own);
    open.delete(own);
    if (current === undefined) throw over();
    return current;
  }

  return {
    ...{ init: () => reads.init(), destroy: () => reads.destroy() },
    acquireConnection: async () => connection(),
    releaseConnection: async () => {},
    beginTransaction: begin,
    async commitTransaction(own) {
      const { commit, ended } = take(own);
      failed.add(own);
      commit();
      await ended;
      failed.delete(own);
    },
    async rollbackTransaction(own) {
      // Kysely asks for it after a COMMIT that has failed, which has undone everything.
      if (failed.delete(own)) return;
      const { rollback, ended } = take(own);
      rollback(ROLLED_BACK);
      await ended.catch((error: unknown) => {
        if (error !== ROLLED_BACK) throw error;
      });
    },
    // Each is a statement that the driver sends on the connection it is given.
    savepoint: async (own, name, compile) => reads.savepoint?.(own, name, compile),
    rollbackToSavepoint: async (own, name, compile) => reads.rollbackToSavepoint?.(own, name, compile),
    releaseSavepoint: async (own, name, compile) => reads.releaseSavepoint?.(own, name, compile),
  };
}

/** Pragmas are about a connection, and some do nothing in a transaction. What cannot be told from a write is one. */
function isRead({ query, sql }: KyselyQuery): boolean {
  const kind: string = query.kind;
  return kind === "SelectQueryNode" || (kind === "RawNode" && /^\s*(?:select|pragma|explain)\b/i.test(sql));
}
