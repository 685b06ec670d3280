import { isEntitlementsError } from "@x/entitlements-core/errors";
import type { Answer, PostgresConnection, PostgresRow } from "./bridge.ts";
import { storageError } from "./driver-errors.ts";
import type { Frame } from "./settings.ts";

/** How what is put off is sent, and what it fails with. */
export interface Keeping {
  frame(): Frame;
  /** The typed error where the SDK knows what happened, `ms` after the statements were sent. */
  explain(error: unknown, ms: number): Error | null;
}

/**
 * The statements of the SDK in one transaction: what they fail with is a `StorageError`, its `cause` the driver's error.
 * Writes may be put off until the call sends something else, at the latest its COMMIT, and then travel with it; never across code
 * of the host's, which could undo them, or look for them.
 */
export interface Session<Tx> {
  readonly tx: Tx;
  /** Runs the statements after what was put off, and that after `first`; answers for each of the statements. */
  run(statements: readonly string[], first?: readonly string[]): Promise<readonly Answer[]>;
  /** Runs statements by themselves; what they fail with is explained as for those that are put off. */
  explained(how: Pick<Keeping, "explain">, statements: readonly string[]): Promise<readonly Answer[]>;
  /** The rows of one statement. */
  rows(statement: string): Promise<readonly PostgresRow[]>;
  putOff(keeping: Keeping, ...statements: readonly string[]): void;
  /** What was put off, which is now the caller's to send or to forget. */
  drop(): readonly string[];
}

export function createSession<Tx extends object>(connection: PostgresConnection<Tx>): Session<Tx> {
  let waiting: readonly string[] = [];
  let keeping: Keeping | undefined;
  const taken = (): readonly string[] => {
    const all = waiting;
    waiting = [];
    return all;
  };
  const open = (): Tx => {
    if (connection.tx === null) throw new Error("No transaction has been begun.");
    return connection.tx;
  };
  const sent = async (statements: readonly string[], how?: Pick<Keeping, "explain">): Promise<readonly Answer[]> => {
    const sentAt = performance.now();
    try {
      return await connection.run(statements);
    } catch (error) {
      if (isEntitlementsError(error)) throw error;
      throw how?.explain(error, performance.now() - sentAt) ?? storageError(error);
    }
  };
  const run = async (statements: readonly string[], first: readonly string[] = []): Promise<readonly Answer[]> => {
    const kept = taken();
    const how = kept.length === 0 ? undefined : keeping;
    const { before = [], after = [] } = how?.frame() ?? {};
    const inFront = [...first, ...before, ...kept, ...after];
    const answers = await sent([...inFront, ...statements], how);
    return answers.slice(inFront.length);
  };
  return {
    get tx() {
      return open();
    },
    run,
    explained: (how, statements) => sent(statements, how),
    rows: async (statement) => (await run([statement])).at(-1)?.rows ?? [],
    putOff(how, ...statements) {
      keeping = how;
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
