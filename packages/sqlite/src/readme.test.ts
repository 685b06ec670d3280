import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isLimitReachedError } from "@x/entitlements-core";
import { afterAll, beforeAll, expect, it } from "vitest";

// The README's own code, on a database of this test's: written out, type-checked, and run six times.
const folder = join(import.meta.dirname, "..", ".quickstart");
const database = mkdtempSync(join(tmpdir(), "entitlements-"));
const files = Array.from({ length: 6 }, (_, index) => join(folder, `run-${index + 1}.ts`));

beforeAll(() => {
  const readme = readFileSync(join(import.meta.dirname, "../../../README.md"), "utf8");
  const quickstart = /## Quickstart[\s\S]*?```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  expect(quickstart).toContain('"app.db"');
  mkdirSync(folder, { recursive: true });
  for (const file of files) {
    writeFileSync(file, quickstart.replaceAll('"app.db"', JSON.stringify(join(database, "app.db"))));
  }
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: "../../../tsconfig.base.json", include: ["*.ts"] }),
  );
});

afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(database, { recursive: true });
});

it("the quickstart of the README makes five projects and is refused the sixth", async () => {
  for (const file of files.slice(0, 5)) await import(/* @vite-ignore */ file);
  const sixth = await import(/* @vite-ignore */ files[5] ?? "").catch((error: unknown) => error);
  expect(isLimitReachedError(sixth) && sixth.message).toContain("Projects limit reached (5/5)");
});

it("the quickstart of the README type-checks under the strictest settings", () => {
  const tsc = join(import.meta.dirname, "../../../node_modules/typescript/bin/tsc");
  const run = () => execFileSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8", stdio: "pipe" });
  expect(run()).toBe("");
});
