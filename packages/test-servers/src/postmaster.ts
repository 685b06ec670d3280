import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Account } from "./account.ts";
import { guard } from "./guardian.ts";
import { ServerStartError } from "./start-error.ts";

const patienceMs = 60_000;
const signals = { fast: "SIGINT", immediate: "SIGQUIT" } as const;

/** The server's main process, which can be ended and begun again. */
export interface Postmaster {
  /** Resolves when it takes connections. */
  start(): Promise<void>;
  /** Resolves when it has ended, at once if it does not run. */
  stop(mode: keyof typeof signals): Promise<void>;
}

export function createPostmaster(
  { bin, folder, data }: { readonly bin: string; readonly folder: string; readonly data: string },
  account: Account | undefined,
): Postmaster {
  const log = join(folder, "log");
  let running: { readonly child: ChildProcess; readonly ended: Promise<void> } | undefined;

  const begin = (): NonNullable<typeof running> => {
    const output = openSync(log, "a");
    // In a session of its own: Ctrl-C is for the tests, and their guardian ends the server.
    const child = spawn(join(bin, "postgres"), ["-D", data], {
      ...account,
      cwd: folder,
      detached: true,
      stdio: ["ignore", output, output],
    });
    closeSync(output);
    child.unref();
    const { pid } = child;
    if (pid) guard().server(pid);
    const ended = new Promise<void>((resolve) => {
      const end = (): void => {
        if (pid) guard().ended(pid);
        running = undefined;
        resolve();
      };
      child.once("error", end).once("exit", end);
    });
    return { child, ended };
  };

  return {
    async start() {
      if (running) throw new ServerStartError("The server runs already. Stop it first.");
      running = begin();
      const { child } = running;
      const deadline = performance.now() + patienceMs;
      while (!isReady(data, child.pid)) {
        if (!running) {
          throw new ServerStartError(
            `PostgreSQL of ${bin} ended while it started. Look for the reason in its log; remove a setting that it does not know.`,
            { log: readFileSync(log, "utf8") },
          );
        }
        if (performance.now() > deadline) {
          throw new ServerStartError(`PostgreSQL of ${bin} takes no connections after ${patienceMs} ms. Its log:`, {
            log: readFileSync(log, "utf8"),
          });
        }
        await sleep(10);
      }
    },
    async stop(mode) {
      if (!running) return;
      const { child, ended } = running;
      child.ref();
      child.kill(signals[mode]);
      await ended;
    },
  };
}

/** What the server says of itself in the file that `pg_ctl` reads as well: the first line is its pid, the eighth its state. */
function isReady(data: string, pid: number | undefined): boolean {
  let lines: string[];
  try {
    lines = readFileSync(join(data, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return false;
  }
  return Number(lines[0]) === pid && lines[7]?.trim() === "ready";
}
