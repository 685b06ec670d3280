import { ConfigurationError } from "@x/entitlements-core/errors";
import type { Answer, PostgresBridge, PostgresRow } from "../bridge.ts";
import { begunByCallback } from "./callback.ts";
import { lazyConnection, noTransaction } from "./lazy.ts";

/** What PGlite answers one statement with. */
interface Result {
  readonly rows: readonly PostgresRow[];
  readonly command?: string;
}

/** What is used of a transaction of PGlite. */
export interface PgliteTransaction {
  exec(query: string): Promise<readonly Result[]>;
  rollback(): Promise<void>;
  readonly closed: boolean;
}

/** What is used of an instance of PGlite. */
export interface PgliteInstance<Tx> {
  exec(query: string): Promise<readonly Result[]>;
  transaction(work: (tx: Tx) => Promise<void>): Promise<void>;
  readonly closed: boolean;
}

/**
 * An instance of PGlite. Functions get PGlite's `Transaction` as `tx`. It has one connection: while a transaction is open,
 * everything else waits for its end, also `check` and `usage`. Inside a function pass on the `tx`.
 */
export function fromPglite<Tx extends PgliteTransaction>(db: PgliteInstance<Tx>): PostgresBridge<Tx> {
  if (typeof db?.exec !== "function" || typeof db.transaction !== "function")
    throw new ConfigurationError("fromPglite wants an instance of PGlite: fromPglite(new PGlite(folder)).");
  const driver = {
    transaction: (work: (tx: Tx) => Promise<void>) => db.transaction(work),
    run: (tx: Tx, statements: readonly string[]) => runIn(tx, statements),
    runAtOnce: (tx: Tx, statements: readonly string[]) => runIn(tx, statements),
    // PGlite closes the `tx` before it sends ROLLBACK, behind the statement that is under way.
    cut: (_tx: Tx, rollback: () => Promise<void>) => rollback(),
  };
  return {
    sendsCommit: false,
    join(tx) {
      if (typeof tx?.exec !== "function" || typeof tx.rollback !== "function")
        throw new ConfigurationError(
          "`tx` must be the transaction that PGlite hands to your function, not the instance.",
        );
      if (tx.closed) throw new ConfigurationError("`tx` is over. Call the SDK before your function returns.");
      return { tx, run: (statements) => run(tx, statements) };
    },
    async connect() {
      if (db.closed)
        throw new ConfigurationError("The instance of PGlite is closed. Give the adapter one that is open.");
      return lazyConnection({
        begin: (characteristics) => begunByCallback(driver, characteristics),
        alone: (statements) => run(db, statements),
      });
    },
  };
}

/** Runs statements in a transaction of ours; where it is closed, the host has called its `rollback`. */
async function runIn(tx: PgliteTransaction, statements: readonly string[]): Promise<readonly Answer[]> {
  if (tx.closed) throw noTransaction();
  return run(tx, statements);
}

async function run(on: Pick<PgliteTransaction, "exec">, statements: readonly string[]): Promise<readonly Answer[]> {
  const results = await on.exec(statements.join(";\n"));
  return results.map(({ rows, command = null }) => ({ rows, command }));
}
