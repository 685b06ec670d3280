import { isEntitlementsError } from "@x/entitlements-core/errors";
import type { Answer, PostgresConnection, PostgresRow } from "./bridge.ts";
import { storageError } from "./driver-errors.ts";

/**
 * The statements of the SDK in one transaction: what they fail with is a `StorageError`, its `cause` the driver's error.
 * Writes are put off until something else of ours is sent in the same transaction, at the latest its COMMIT, and travel with it.
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

/** What was put off in each transaction, by whichever call in it. */
const putOffIn = new WeakMap<object, string[]>();

export function createSession<Tx extends object>(connection: PostgresConnection<Tx>): Session<Tx> {
  const taken = (): readonly string[] => {
    const waiting = connection.tx === null ? [] : (putOffIn.get(connection.tx) ?? []);
    return waiting.splice(0);
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
      const waiting = putOffIn.get(open()) ?? [];
      waiting.push(...statements);
      putOffIn.set(open(), waiting);
    },
    drop: taken,
  };
}

/** A nullable text column. */
export function text(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

/** Seconds since 1970, as `extract(epoch from …)` tells them: a number, or a text that is one. */
export function dateOf(seconds: unknown): Date {
  return new Date(Math.floor(Math.round(Number(seconds) * 1_000_000) / 1_000));
}
