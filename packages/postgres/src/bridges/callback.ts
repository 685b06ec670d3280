import type { Answer } from "../bridge.ts";
import { characterised, isEnd, type Opened } from "./lazy.ts";
import { returnsRows } from "./returns-rows.ts";

/** A driver whose transaction is a function's: begun before it, committed when it resolves and rolled back when it rejects. */
export interface CallbackDriver<Tx> {
  transaction(work: (tx: Tx) => Promise<void>): Promise<unknown>;
  /** Runs statements in it. */
  run(tx: Tx, statements: readonly string[]): Promise<readonly Answer[]>;
  /** Runs statements that answer nothing in one message. */
  runAtOnce(tx: Tx, statements: readonly string[]): Promise<unknown>;
  /** Calls `rollback`, and MUST keep the `tx` from sending anything from then on. */
  cut(tx: Tx, rollback: () => Promise<void>): Promise<void>;
}

const NOTHING: Answer = { rows: [], command: null };

/** Begins a transaction of the driver's and keeps it open until `commit` or `rollback` is run in it. */
export function begunByCallback<Tx>(driver: CallbackDriver<Tx>, characteristics: string): Promise<Opened<Tx>> {
  return new Promise((resolve, reject) => {
    let open = true;
    const close = (): void => {
      open = false;
    };
    const done = driver.transaction(
      (tx) =>
        new Promise<void>((commit, undo) => {
          const rollback = async (): Promise<void> => {
            const reason = new Error("Rolled back.");
            undo(reason);
            await done.catch((error: unknown) => {
              if (error !== reason) throw error;
            });
          };
          const run = async (statements: readonly string[]): Promise<readonly Answer[]> => {
            const end = isEnd(statements.at(-1)) ? statements.at(-1) : undefined;
            const before = end === undefined ? statements : statements.slice(0, -1);
            const together = end === "commit" && !before.some(returnsRows);
            const answers = together || before.length === 0 ? [] : await driver.run(tx, before);
            if (end === "commit") {
              // The driver does not tell that its COMMIT came to a ROLLBACK because a statement had failed and its error was
              // caught. So ours comes first, behind a statement that fails then, in a message that nothing can get into; what
              // the driver commits is the empty transaction after it.
              await driver.runAtOnce(tx, [...(together ? before : []), "select 1", "commit and chain"]);
              commit();
              await done;
            }
            if (end === "rollback") await rollback();
            return end === undefined ? answers : [...before.map((_, index) => answers[index] ?? NOTHING), NOTHING];
          };
          const cut = (): void => void driver.cut(tx, rollback).catch(() => {});
          resolve(characterised({ tx, run, cut, isOpen: () => open }, characteristics));
        }),
    );
    done.then(close, (error: unknown) => {
      close();
      reject(error);
    });
  });
}
