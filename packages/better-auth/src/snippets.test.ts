import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";

const folder = join(import.meta.dirname, "..", ".readme");

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("every snippet of the README type-checks under the strictest settings", () => {
  const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
  const [first = "", client = "", preview = "", sqlite = ""] = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(
    ([, snippet]) => snippet,
  );
  mkdirSync(folder, { recursive: true });
  // The page of an invitation is a part of the host's server; the client and SQLite are files of their own.
  const files = { server: `${preview}${first}`, client: `${client}export { error };\n`, sqlite };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, `${name}.ts`), text);
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: "../../../tsconfig.base.json", include: ["*.ts"] }),
  );
  const tsc = join(import.meta.dirname, "../../../node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
  expect(stdout).toBe("");
});
