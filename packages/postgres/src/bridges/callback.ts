import type { Answer } from "../bridge.ts";
import { characterised, isEnd, type Opened } from "./lazy.ts";

/** A driver whose transaction is a function's: begun before it, committed when it resolves and rolled back when it rejects. */
export interface CallbackDriver<Tx> {
  transaction(work: (tx: Tx) => Promise<void>): Promise<unknown>;
  /** Runs statements in it. */
  run(tx: Tx, statements: readonly string[]): Promise<readonly Answer[]>;
  /** Calls `rollback`, and MUST keep the `tx` from sending anything from then on. */
  cut(tx: Tx, rollback: () => Promise<void>): Promise<void>;
}

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
            // The driver does not tell that the server has rolled back where COMMIT was asked for, because a statement had
            // failed and its error was caught: in such a transaction this fails.
            const asked = end === "commit" && before.length === 0 ? ["select 1"] : before;
            const answers = asked.length === 0 ? [] : await driver.run(tx, asked);
            if (end === "commit") {
              commit();
              await done;
            }
            if (end === "rollback") await rollback();
            return end === undefined ? answers : [...answers.slice(0, before.length), { rows: [], command: null }];
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
