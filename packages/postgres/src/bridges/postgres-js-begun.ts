import { sqlState } from "../driver-errors.ts";
import { isEnd, type Opened } from "./lazy.ts";
import { type PostgresJsOptions, runOn, type Unsafe } from "./postgres-js-answers.ts";
import { guarded, type Query } from "./postgres-js-guard.ts";

/** The `sql` that `sql.begin` hands on. */
export interface BegunSql extends Unsafe {
  (...args: never[]): unknown;
  savepoint(...args: never[]): unknown;
}

/** A connection, as postgres.js shows it to its own `sql.begin`. */
interface Connection {
  /** What `sql.begin` has left there; taken away when the server says that no transaction is open any more, and when it closes. */
  readonly reserved: unknown;
}

export function isBegunSql(sql: unknown): sql is BegunSql {
  return typeof sql === "function" && "unsafe" in sql && "savepoint" in sql;
}

/**
 * A transaction that `sql.begin` has begun and that our own `commit` or `rollback` ends: postgres.js gives the connection back
 * as soon as the server says that it is idle. What `sql.begin` waits for MUST never settle: its own COMMIT would meet whoever
 * has the connection by then.
 */
export function begunTransaction<Sql extends BegunSql>(sql: Sql, options: PostgresJsOptions): Opened<Sql> {
  let connection: Connection | undefined;
  let ours: unknown;
  let cut = false;
  let endedByHost = false;
  const running = new Set<Query>();
  const isOurs = (): boolean => connection?.reserved === ours;
  const isOpen = (): boolean => !cut && isOurs();
  const onexecute = (on: Connection): boolean => {
    ours ??= on.reserved;
    connection = on;
    return true;
  };
  const mayBeSent = (query: Query): boolean => {
    if (!isOpen()) return false;
    const done = (): void => void running.delete(query);
    running.add(query);
    query.then(() => {
      done();
      // Nobody else ends what a statement has just succeeded in; a connection that closes does so later.
      endedByHost ||= !isOurs();
    }, done);
    return true;
  };
  let ending = false;
  const own = guarded(sql, { isOpen, mayBeSent });
  // Behind what ends it a statement would be in no transaction.
  const tx = guarded(sql, { isOpen: () => !ending && isOpen(), mayBeSent: (query) => !ending && mayBeSent(query) });

  /** Again where what was to end the statement before it came late. */
  async function rollback(): Promise<void> {
    if (!isOurs()) return;
    try {
      await sql.unsafe("rollback");
    } catch (error) {
      if (sqlState(error) === "57014") await rollback();
    }
  }

  return {
    tx,
    isOpen,
    isEndedByHost: () => endedByHost,
    run(statements) {
      ending ||= isEnd(statements.at(-1));
      return runOn(own, statements, options, { onexecute });
    },
    cut() {
      if (!isOpen()) return;
      cut = true;
      const active = [...running].filter((query) => query.active);
      // What ends a statement travels on a connection of its own. Behind the ROLLBACK it would end one of whoever is next.
      void Promise.allSettled(active.map((query) => query.canceller(query))).then(rollback);
    },
  };
}
