import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

// Fails when the guardian is told nothing: server and folder then outlive the killed process.
test.each(["SIGKILL", "SIGTERM", "SIGINT"] as const)(
  "a process that ends by %s takes its servers along",
  async (signal) => {
    const child = fork(fileURLToPath(new URL("fixtures/parent.mjs", import.meta.url)), { execArgv: [] });
    const ended = once(child, "exit").then(() => {
      throw new Error("The child process ended. Has the package been built?");
    });
    const [started] = await Promise.race([once(child, "message"), ended]);
    const pid = Number(readFileSync(join(started.data, "postmaster.pid"), "utf8").split("\n")[0]);
    expect(lives(pid)).toBe(true);
    child.kill(signal);
    await expect(ended).rejects.toThrow();
    await expect.poll(() => lives(pid), { timeout: 10_000 }).toBe(false);
    await expect.poll(() => existsSync(dirname(started.data)), { timeout: 10_000 }).toBe(false);
  },
);
