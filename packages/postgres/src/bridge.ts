/** What a bridge translates a driver into. For those who write bridges. */

export type PostgresRow = Readonly<Record<string, unknown>>;

/** What one statement came to. */
export interface Answer {
  readonly rows: readonly PostgresRow[];
  /** The command tag, such as `COMMIT`; null where the driver does not tell. */
  readonly command: string | null;
}

/** One connection of a driver. Errors MUST come out as the driver made them; `driver-errors.ts` knows where they keep the SQLSTATE. */
export interface PostgresConnection<Tx> {
  /**
   * The driver's own connection or transaction object, handed to the host's functions; null before the first transaction on
   * a connection whose driver makes the object with the transaction. Then that of the latest.
   */
  readonly tx: Tx | null;
  /**
   * Runs statements that take no parameters, one after the other until one fails, with an answer for each: in one message
   * where the driver can. Two calls MUST NOT overtake each other.
   */
  run(statements: readonly string[]): Promise<readonly Answer[]>;
}

/** A connection out of the host's pool. */
export interface OwnConnection<Tx> extends PostgresConnection<Tx> {
  /** Gives it back; no transaction is open on it. */
  release(): void | Promise<void>;
  /** Cuts it off at once, also while a statement or a function of the host's still runs on it. MUST NOT throw. */
  destroy(): void;
}

export interface PostgresBridge<Tx> {
  /**
   * Takes a connection. What `begin …`, `commit` and `rollback` do on it MUST be true of its `tx`. The transactions of the
   * adapter are begun by the first statement of a `run`, and ended by the last one of another.
   */
  connect(): Promise<OwnConnection<Tx>>;
  /** Wraps the transaction of a caller. Throws a `ConfigurationError` where it is none. */
  join(tx: Tx): PostgresConnection<Tx>;
  /** Whether `run(["…", "commit"])` travels in one message and tells the command tag: what `locking: "at-commit"` needs. */
  readonly sendsCommit: boolean;
}
