import { ConfigurationError } from "@x/entitlements-core/errors";
import { isInAnotherTransaction, isInFailedTransaction, isOutsideOfTransaction } from "./driver-errors.ts";
import { causeOf, conflictIn, ENDED_BY_HOST, FAILED_BEFORE } from "./own-transaction.ts";
import type { Session } from "./session.ts";

let savepoints = 0;

/** A savepoint in a caller's open transaction. */
export interface Savepoint {
  /** What makes it, and undoes it first where it had been made; to be sent now. */
  make(): readonly string[];
  /** What undoes everything since it was made, and ends it, if it was; to be sent now. */
  undo(): readonly string[];
  /** Runs what the host takes part in. */
  hand<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Runs `work` in a savepoint of the caller's transaction. Where it resolves to `commit: false` or fails everything since is
 * undone, locks included, and the caller's transaction is usable with its settings as before.
 */
export async function inSavepoint<Tx, O extends { readonly commit: boolean }>(
  session: Session<Tx>,
  work: (savepoint: Savepoint) => Promise<O>,
): Promise<O> {
  const name = `entitlements_${++savepoints}`;
  let handed = false;
  let made = false;
  try {
    const undoIt = (): readonly string[] => {
      const statements = made ? undoing(name) : [];
      made = false;
      return statements;
    };
    const outcome = await work({
      make() {
        const statements = [...undoIt(), `savepoint ${name}`];
        made = true;
        return statements;
      },
      undo: undoIt,
      hand(part) {
        handed = true;
        return part();
      },
    });
    if (outcome.commit) await session.run([`release savepoint ${name}`]);
    else await undo(session, name);
    return outcome;
  } catch (error) {
    const cause = causeOf(error);
    if (!handed && isOutsideOfTransaction(cause)) throw new ConfigurationError(NOT_OPEN, { cause });
    const conflict = await conflictIn(session, error, handed);
    const swallowed = error !== cause && isInFailedTransaction(cause);
    session.drop();
    // Whatever failed, and on whichever connection: where this one is gone, so is its transaction.
    if (made) await undo(session, name).catch(() => {});
    if (handed && error !== cause && isInAnotherTransaction(cause))
      throw new ConfigurationError(ENDED_BY_HOST, { cause });
    if (swallowed) throw new ConfigurationError(handed ? FAILED_BEFORE : ALREADY_FAILED, { cause });
    throw conflict ?? error;
  }
}

async function undo<Tx>(session: Session<Tx>, name: string): Promise<void> {
  session.drop();
  await session.run(undoing(name));
}

function undoing(name: string): readonly string[] {
  return [`rollback to savepoint ${name}`, `release savepoint ${name}`];
}

const NOT_OPEN = "`tx` has no open transaction. Run BEGIN on it first, or leave `tx` out to let the SDK open one.";

const ALREADY_FAILED =
  "A statement in your transaction had failed before this call and its error was caught, so PostgreSQL refuses everything until ROLLBACK. Roll it back and run it again.";
