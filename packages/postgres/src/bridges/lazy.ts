import type { Answer, OwnConnection } from "../bridge.ts";

/** A transaction that the driver has begun. */
export interface Opened<Tx> {
  readonly tx: Tx;
  /** Runs statements in it; `commit` and `rollback` come last, if at all. */
  run(statements: readonly string[]): Promise<readonly Answer[]>;
  /** False once it has ended or its connection is gone. */
  isOpen(): boolean;
  /** Whether a statement of the host's has ended it; for drivers that then let go of the connection. */
  isEndedByHost?(): boolean;
  /** Cuts it off. */
  cut(): void;
}

/** A driver that takes a connection and begins a transaction in one. */
export interface Beginner<Tx> {
  /** `signal` is aborted when nobody waits for it any more. */
  begin(characteristics: string, signal: AbortSignal): Promise<Opened<Tx>>;
  /** Runs statements outside of a transaction, on whichever connection. */
  alone(statements: readonly string[], signal: AbortSignal): Promise<readonly Answer[]>;
}

const BEGIN = "begin ";

/** A connection that is not taken before `begin …`, and given back by `commit` and `rollback`. */
export function lazyConnection<Tx>(driver: Beginner<Tx>): OwnConnection<Tx> {
  let opened: Opened<Tx> | undefined;
  let tx: Tx | null = null;
  let gone = false;
  const ending = new AbortController();

  async function runPart(part: readonly string[]): Promise<readonly Answer[]> {
    const [first = "", ...rest] = part;
    if (opened?.isEndedByHost?.() === true) throw noTransaction();
    if (gone || opened?.isOpen() === false) throw new Error("The connection was lost.");
    if (opened !== undefined) return inTransaction(opened, part);
    if (first === "rollback") return [NOTHING];
    // Outside of a transaction it would succeed.
    if (first === "commit") throw new Error("No transaction is open.");
    if (!first.startsWith(BEGIN)) return driver.alone(part, ending.signal);
    opened = await driver.begin(first.slice(BEGIN.length), ending.signal);
    ({ tx } = opened);
    if (gone) opened.cut();
    return [NOTHING, ...(rest.length === 0 ? [] : await runPart(rest))];
  }

  async function inTransaction(transaction: Opened<Tx>, part: readonly string[]): Promise<readonly Answer[]> {
    try {
      return await transaction.run(part);
    } finally {
      if (!transaction.isOpen()) {
        gone ||= !isEnd(part.at(-1));
        opened = undefined;
      }
    }
  }

  return {
    get tx() {
      return tx;
    },
    async run(statements) {
      const answers: Answer[] = [];
      for (const part of parts(statements)) answers.push(...(await runPart(part)));
      return answers;
    },
    release() {},
    destroy() {
      gone = true;
      ending.abort();
      opened?.cut();
    },
  };
}

/** A transaction that was begun as the driver does, with `set transaction …` in front of what is sent first in it. */
export function characterised<Tx>(opened: Opened<Tx>, characteristics: string): Opened<Tx> {
  const first = [`set transaction ${characteristics}`];
  return {
    ...opened,
    async run(statements) {
      const before = first.splice(0);
      const answers = await opened.run([...before, ...statements]);
      return answers.slice(before.length);
    },
  };
}

/** What the server would say, where a driver does not ask it. */
export function noTransaction(): Error {
  return Object.assign(new Error("There is no transaction in progress."), { code: "25P01" });
}

const NOTHING: Answer = { rows: [], command: null };

/** Whether a statement ends the transaction. */
export function isEnd(statement: string | undefined): boolean {
  return statement === "commit" || statement === "rollback";
}

/** Cut before each `begin …` and behind each `commit` and `rollback`. */
function parts(statements: readonly string[]): readonly (readonly string[])[] {
  const cut: string[][] = [];
  for (const statement of statements) {
    const last = cut.at(-1);
    if (last === undefined || statement.startsWith(BEGIN) || isEnd(last.at(-1))) cut.push([statement]);
    else last.push(statement);
  }
  return cut;
}
