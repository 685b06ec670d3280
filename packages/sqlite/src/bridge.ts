/** What a bridge translates a driver into. For those who write bridges. */

/** A value as it is bound; integers as bigint, so that no driver binds them as floats. */
export type SqliteValue = string | bigint | null;

export type SqliteRow = Readonly<Record<string, unknown>>;

/** One connection of a driver. Errors MUST come out as the driver made them; `driver-errors.ts` knows where they keep SQLite's code. */
export interface SqliteConnection<Tx> {
  /** What tells this connection from others: MUST be the same object however often a connection is wrapped. */
  readonly driver: object;
  /** The driver's own connection or transaction object, handed to the host's functions. Read in each transaction anew: a driver may make one for each. */
  readonly tx: Tx;
  /**
   * Runs one statement that takes no parameters and returns nothing; transactions are begun and ended with exactly
   * `begin`, `begin immediate`, `commit` and `rollback`. SHOULD finalise it also where it fails; see `spoilt`.
   */
  exec(sql: string): void | Promise<void>;
  /** Runs one statement with named parameters (`:name`) and returns its rows. More may be given than it names. */
  all(
    sql: string,
    params?: Readonly<Record<string, SqliteValue>>,
  ): readonly SqliteRow[] | Promise<readonly SqliteRow[]>;
  /** Whether a transaction is open; false on a closed connection. MUST look as soon as it is called, and change nothing. */
  inTransaction(): boolean | Promise<boolean>;
  /**
   * Whether a statement that found the file busy was left half-way, as by drivers that finalise statements only when they are
   * collected: no transaction could be committed then. The adapter opens another connection instead.
   */
  spoilt?(): boolean;
  close(): void | Promise<void>;
  /**
   * Lets go of the connection, which has been rolled back and barred from writing, while a function may still run on it.
   * For drivers that cannot be closed then; without it the adapter closes it.
   */
  abandon?(): void;
}

export interface SqliteBridge<Tx> {
  /** Opens a connection of the adapter's own. MUST be a new one each time. */
  open(): SqliteConnection<Tx> | Promise<SqliteConnection<Tx>>;
  /** Wraps the connection of a caller who has a transaction open on it. Throws a `ConfigurationError` where it is none. */
  join(tx: Tx): SqliteConnection<Tx>;
}
