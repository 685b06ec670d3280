import { spawn } from "node:child_process";

/** Ends what this process leaves behind, however this process ends. */
export interface Guardian {
  /** Kill that server, a child of this process, with us. */
  server(pid: number): void;
  /** It has ended: its number may soon be another's. */
  ended(pid: number): void;
  /** Remove that folder after its server. */
  folder(path: string): void;
}

// Another process, since a killed one runs no exit handlers. It sees our end when the pipe between us closes.
const program = `
  const { rmSync } = require("node:fs");
  const pids = new Set(), folders = new Set();
  require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const [task, value] = JSON.parse(line);
    if (task === "folder") folders.add(value);
    if (task === "server") pids.add(value);
    if (task === "ended") pids.delete(value);
  }).on("close", () => {
    for (const pid of pids) try { process.kill(pid, "SIGQUIT"); } catch {}
    const alive = (pid) => { try { process.kill(pid, 0); return true; } catch { return false; } };
    const end = (patience) => {
      const left = [...pids].filter(alive);
      if (left.length > 0 && patience > 0) return setTimeout(end, 50, patience - 1);
      for (const pid of left) try { process.kill(pid, "SIGKILL"); } catch {}
      for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    };
    end(200);
  });
`;

let guardian: Guardian | undefined;

/** The guardian of this process, started when it is first needed. */
export function guard(): Guardian {
  if (guardian) return guardian;
  // In a session of its own, or Ctrl-C would end it together with those it has to clean up after.
  const child = spawn(process.execPath, ["--eval", program], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  child.unref();
  const tell = (task: string, value: string | number): void => {
    child.stdin.write(`${JSON.stringify([task, value])}\n`);
  };
  guardian = {
    server: (pid) => tell("server", pid),
    ended: (pid) => tell("ended", pid),
    folder: (path) => tell("folder", path),
  };
  return guardian;
}
