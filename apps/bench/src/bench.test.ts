import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { questions } from "./questions.ts";
import type { Results } from "./results.ts";

/** The command as it was built. */
function bench(...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, [join(import.meta.dirname, "../dist/main.js"), ...args]);
}

/** What holds on every machine. Whatever is counted wrongly in a slice ends the command with an error besides. */
const ALWAYS = /^(usage\(\): (queries sent|round trips)|enforce: errors|race for the last \d+ units .*: overshoot)$/;

it("every question is answered in --quick mode, and what does not depend on the machine holds", async () => {
  const folder = mkdtempSync(join(tmpdir(), "entitlements-bench-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const out = join(folder, "results.json");
  const { stdout, stderr } = await bench("--quick", "--out", out);
  expect(stderr).toBe("");
  expect(stdout).toContain(out);
  const results: Results = JSON.parse(readFileSync(out, "utf8"));
  expect(results.questions.map(({ name }) => name)).toEqual(questions.map(({ name }) => name));
  for (const { name } of questions) expect(stdout).toContain(`\n${name}: `);
  const always = results.questions.flatMap(({ lines }) => lines).filter(({ what }) => ALWAYS.test(what));
  expect(always).toHaveLength(4);
  for (const line of always) expect(line, line.what).toMatchObject({ verdict: { met: true, unsure: false } });
}, 120_000);

it("a question that there is not: all that there are", async () => {
  const failed = await bench("p99").catch((error: unknown) => Object(error));
  expect(failed).toMatchObject({ code: 1, stdout: "" });
  expect(failed.stderr).toContain('There is no question "p99"');
  for (const { name } of questions) expect(failed.stderr).toContain(name);
});
