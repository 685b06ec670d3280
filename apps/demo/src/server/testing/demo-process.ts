import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";
import { temporaryFolder } from "./temporary-folder.ts";
import { PLENTY } from "./test-demo.ts";

const main = fileURLToPath(new URL("../../../dist/main.js", import.meta.url));

export interface Run {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  readonly output: { out: string; error: string };
  /** The exit code. */
  readonly ended: Promise<unknown>;
}

/** The built demo in a process of its own; `uid` takes root to start it as another user. */
export function run(environment: Readonly<Record<string, string>>, uid?: number): Run {
  if (!existsSync(main)) throw new Error(`${main} is missing. Build first: npx -y pnpm@10.34.9 build`);
  const process = spawn(globalThis.process.execPath, [main], {
    // The variables of whoever runs the tests, who may have a server for them, are not for the demo.
    env: {
      ...globalThis.process.env,
      DATABASE_URL: "",
      DATABASE_FILE: "",
      SIGN_IN_ATTEMPTS: `${PLENTY}`,
      ...environment,
    },
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
export async function started(environment: Readonly<Record<string, string>>): Promise<Run & { url: string }> {
  const demo = run({ PORT: "0", ...environment });
  await Promise.race([once(demo.process.stdout, "data"), demo.ended]);
  const [, url] = demo.output.out.match(/^Demo on (http:\/\/127\.0\.0\.1:\d+) /) ?? [];
  if (url === undefined) throw new Error(`Not started: ${demo.output.out}${demo.output.error}`);
  return { ...demo, url };
}

/** Stops it as Ctrl-C does. */
export async function stopped(demo: Run): Promise<void> {
  demo.process.kill("SIGINT");
  if ((await demo.ended) !== 0) throw new Error(`Not stopped well: ${demo.output.error}`);
}

/** An SQLite file as the demo leaves it when it has stopped. */
export async function madeFile(): Promise<string> {
  const file = join(await temporaryFolder(), "demo.db");
  await stopped(await started({ DATABASE_FILE: file }));
  return file;
}

/** Expects one line on stderr that matches, nothing on stdout, and exit code 1. */
export async function expectRefusal(
  environment: Readonly<Record<string, string>>,
  line: RegExp,
  uid?: number,
): Promise<void> {
  const { output, ended } = run({ PORT: "0", ...environment }, uid);
  expect(await ended).toBe(1);
  expect(output.error).toMatch(/^[^\n]+\n$/);
  expect(output.error).toMatch(line);
  expect(output.out).toBe("");
}
