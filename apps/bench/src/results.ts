import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { dirname, join } from "node:path";
import { type Answer, type Question, verdictOf } from "./question.ts";
import type { Pace } from "./sandwich.ts";

/** What was measured where: numbers mean something beside those of the same run only. */
export interface Results {
  readonly measuredAt: string;
  readonly node: string;
  readonly processors: string;
  /** Running and waiting work on the machine, over the last minute, before and after. */
  readonly load: { readonly before: number; readonly after: number };
  readonly pace: Pace;
  readonly questions: readonly (Pick<Question, "name" | "asks"> & Answer)[];
}

export function machine(): Pick<Results, "node" | "processors"> {
  const all = cpus();
  return { node: process.version, processors: `${all.length} × ${all[0]?.model.trim() ?? "unknown"}` };
}

export function load(): number {
  return loadavg()[0] ?? 0;
}

/** Writes them to `file`, or to one that names their time in a folder that git ignores. Returns its path. */
export function keep(results: Results, file = ownFile(results)): string {
  mkdirSync(dirname(file), { recursive: true });
  const questions = results.questions.map(({ lines, ...rest }) => ({
    ...rest,
    lines: lines.map((line) => ({ ...line, verdict: verdictOf(line) })),
  }));
  writeFileSync(file, `${JSON.stringify({ ...results, questions }, null, 2)}\n`);
  return file;
}

function ownFile({ measuredAt }: Results): string {
  return join(import.meta.dirname, "../.data", `${measuredAt.replaceAll(":", "-")}.json`);
}
