/** What a bridge translates a driver into. For those who write bridges. */

/** A value as it is bound; integers as bigint, so that no driver binds them as floats. */
export type SqliteValue = string | bigint | null;

export type SqliteRow = Readonly<Record<string, unknown>>;

/** One connection of a driver. Errors MUST come out as the driver made them, with SQLite's name of the code in `code`. */
export interface SqliteConnection<Tx> {
  /** The driver's own connection or transaction object, handed to the host's functions. */
  readonly tx: Tx;
  /** Runs a statement that takes no parameters and returns nothing. MUST finalise it also where it fails: left half-way, it keeps its snapshot. */
  exec(sql: string): void | Promise<void>;
  /** Runs one statement with named parameters (`:name`) and returns its rows. */
  all(
    sql: string,
    params?: Readonly<Record<string, SqliteValue>>,
  ): readonly SqliteRow[] | Promise<readonly SqliteRow[]>;
  /** Whether a transaction is open; false on a closed connection. */
  inTransaction(): boolean;
  close(): void | Promise<void>;
}

export interface SqliteBridge<Tx> {
  /** Opens a connection of the adapter's own. MUST be a new one each time. */
  open(): SqliteConnection<Tx> | Promise<SqliteConnection<Tx>>;
  /** Wraps the connection of a caller who has a transaction open on it. Throws a `ConfigurationError` where it is none. */
  join(tx: Tx): SqliteConnection<Tx>;
}
