import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";

const folder = join(import.meta.dirname, "..", ".readme");

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("every snippet of the README type-checks under the strictest settings", () => {
  const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
  const snippets = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, snippet]) => snippet);
  expect(snippets.length).toBeGreaterThan(1);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "readme.ts"), `${snippets.join("\n")}export { adapter };\n`);
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: "../../../tsconfig.base.json", include: ["*.ts"] }),
  );
  const tsc = join(import.meta.dirname, "../../../node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
  expect(stdout).toBe("");
});
