import { isEntitlementsError } from "@x/entitlements-core/errors";
import type { Answer, PostgresConnection, PostgresRow } from "./bridge.ts";
import { storageError } from "./driver-errors.ts";

/**
 * The statements of the SDK in one transaction: what they fail with is a `StorageError`, its `cause` the driver's error.
 * Writes may be put off until the call sends something else, at the latest its COMMIT, and then travel with it; never across code
 * of the host's, which could undo them, or look for them.
 */
export interface Session<Tx> {
  readonly tx: Tx;
  /** Runs the statements after what was put off, and that after `first`; answers for each of the statements. */
  run(statements: readonly string[], first?: readonly string[]): Promise<readonly Answer[]>;
  /** The rows of one statement. */
  rows(statement: string): Promise<readonly PostgresRow[]>;
  putOff(...statements: readonly string[]): void;
  /** What was put off, which is now the caller's to send or to forget. */
  drop(): readonly string[];
}

export function createSession<Tx extends object>(connection: PostgresConnection<Tx>): Session<Tx> {
  let waiting: readonly string[] = [];
  const taken = (): readonly string[] => {
    const all = waiting;
    waiting = [];
    return all;
  };
  const open = (): Tx => {
    if (connection.tx === null) throw new Error("No transaction has been begun.");
    return connection.tx;
  };
  const run = async (statements: readonly string[], first: readonly string[] = []): Promise<readonly Answer[]> => {
    const before = [...first, ...taken()];
    try {
      const answers = await connection.run([...before, ...statements]);
      return answers.slice(before.length);
    } catch (error) {
      throw isEntitlementsError(error) ? error : storageError(error);
    }
  };
  return {
    get tx() {
      return open();
    },
    run,
    rows: async (statement) => (await run([statement])).at(-1)?.rows ?? [],
    putOff(...statements) {
      waiting = [...waiting, ...statements];
    },
    drop: taken,
  };
}

/** Whether the transaction sees the world as it was at its beginning. */
export async function isIsolated<Tx>(session: Session<Tx>): Promise<boolean> {
  const [row] = await session.rows("select current_setting('transaction_isolation') as isolation");
  return row?.["isolation"] !== "read committed" && row?.["isolation"] !== "read uncommitted";
}

/** A nullable text column. */
export function text(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

/** Seconds since 1970, as `extract(epoch from …)` tells them: a number, or a text that is one. */
export function dateOf(seconds: unknown): Date {
  return new Date(Math.floor(Math.round(Number(seconds) * 1_000_000) / 1_000));
}
