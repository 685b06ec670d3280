import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { connect } from "../database.ts";
import { temporaryFolder } from "./test-demo.ts";

const main = fileURLToPath(new URL("../../../dist/main.js", import.meta.url));

export interface Run {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  readonly output: { out: string; error: string };
  /** The exit code. */
  readonly ended: Promise<unknown>;
}

/** The built demo in a process of its own; `uid` takes root to start it as another user. */
export function run(environment: Record<string, string>, uid?: number): Run {
  if (!existsSync(main)) throw new Error(`${main} is missing. Build first: npx -y pnpm@10.34.9 build`);
  const process = spawn(globalThis.process.execPath, [main], {
    env: { ...globalThis.process.env, ...environment },
    ...(uid === undefined ? {} : { uid, gid: uid }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { out: "", error: "" };
  process.stdout.on("data", (data) => {
    output.out += data;
  });
  process.stderr.on("data", (data) => {
    output.error += data;
  });
  onTestFinished(() => {
    process.kill("SIGKILL");
  });
  return { process, output, ended: once(process, "close").then(([code]) => code) };
}

/** The built demo, once it listens on any free port. */
export async function started(environment: Record<string, string>): Promise<Run & { url: string }> {
  const demo = run({ PORT: "0", ...environment });
  await Promise.race([once(demo.process.stdout, "data"), demo.ended]);
  const [, url] = demo.output.out.match(/^Demo on (http:\/\/127\.0\.0\.1:\d+) /) ?? [];
  if (url === undefined) throw new Error(`Not started: ${demo.output.out}${demo.output.error}`);
  return { ...demo, url };
}

/** A database as the demo leaves it when it has stopped. */
export async function madeDatabase(): Promise<string> {
  const file = join(await temporaryFolder(), "demo.db");
  const demo = await started({ DATABASE_FILE: file });
  demo.process.kill("SIGINT");
  await demo.ended;
  return file;
}

/** Changes a database past the demo. */
export function change(file: string, sql: string): void {
  const connection = connect(file);
  connection.exec(sql);
  connection.close();
}
