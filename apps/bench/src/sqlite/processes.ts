import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** What each process does for a while, with so many callers at once. */
export interface Task {
  readonly work: "enforce" | "by-hand" | "idle";
  readonly callers: number;
  readonly ms: number;
  readonly orgIds: readonly string[];
}

export interface Did {
  readonly granted: number;
  readonly refused: number;
  /** Whatever was thrown that is no refusal. */
  readonly errors: readonly string[];
  /** How long one attempt at the write lock kept the event loop at most, in milliseconds. */
  readonly longestAttempt: number;
  /** How long the event loop stood still at most, whatever for, in milliseconds. */
  readonly stood: number;
}

export interface Processes {
  /** Has them all begin at once, each with its task. */
  perform(tasks: readonly Task[]): Promise<readonly Did[]>;
  end(): void;
}

/** Starts processes that are ready to work on the file. */
export async function startProcesses(count: number, path: string): Promise<Processes> {
  // As built: beside the command, not beside this file.
  const script = fileURLToPath(new URL("process.js", import.meta.url));
  const children = Array.from({ length: count }, () => fork(script, [path], { execArgv: [] }));
  await Promise.all(children.map((child) => said(child)));
  return {
    async perform(tasks) {
      const answers = tasks.map(async (task, index) => {
        const child = children[index];
        if (child === undefined) throw new Error("There are more tasks than processes.");
        child.send(task);
        return (await said(child)) as Did;
      });
      return Promise.all(answers);
    },
    end() {
      for (const child of children) child.disconnect();
    },
  };
}

/** The next thing that the child says. */
async function said(child: ChildProcess): Promise<unknown> {
  const heard = new AbortController();
  const { signal } = heard;
  const exited = once(child, "exit", { signal }).then(([code]) => {
    throw new Error(`A process of the benchmark ended (${code}).`);
  });
  try {
    const [message] = await Promise.race([once(child, "message", { signal }), exited]);
    return message;
  } finally {
    exited.catch(() => {});
    heard.abort();
  }
}
