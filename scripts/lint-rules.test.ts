import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const imports = (specifier: string) => `import { x } from "${specifier}";\nexport const y = x;\n`;
const lines = (n: number) => Array.from({ length: n }, (_, i) => `export const x${i} = ${i};\n`).join("");
const asynchronous = "async function f(): Promise<void> {}\n";
const direction = "style/noRestrictedImports";

/** [file, its text, the rule that must refuse it, or null for a file that must pass] */
const cases: [file: string, text: string, rule: string | null][] = [
  ["packages/core/src/any.ts", "export const f = (x: any) => x;\n", "suspicious/noExplicitAny"],
  ["packages/core/src/bang.ts", "export const f = (x?: string) => x!.length;\n", "style/noNonNullAssertion"],
  ["packages/core/src/cycle-a.ts", imports("./cycle-b.ts"), "suspicious/noImportCycles"],
  [
    "packages/core/src/cycle-b.ts",
    'import { y } from "./cycle-a.ts";\nexport const x = y;\n',
    "suspicious/noImportCycles",
  ],
  ["packages/core/src/floating.ts", `${asynchronous}f();\n`, "nursery/noFloatingPromises"],
  ["packages/core/src/misused.ts", `${asynchronous}if (f()) throw 0;\n`, "nursery/noMisusedPromises"],
  ["packages/core/src/long.ts", lines(301), "style/noExcessiveLinesPerFile"],
  ["packages/core/src/spaced.ts", lines(300).replaceAll("\n", "\n\n"), null],
  ["packages/core/src/camelCase.ts", "export {};\n", "style/useFilenamingConvention"],
  ["packages/core/src/default.ts", "export default 1;\n", "style/noDefaultExport"],
  ["packages/core/tsup.config.ts", "export default 1;\n", null],
  ["packages/react/src/bar/bar.stories.tsx", "export default {};\n", null],
  ["packages/core/src/type.ts", 'import { X } from "./x.ts";\nexport type Y = X;\n', "style/useImportType"],
  ["packages/core/src/mixed.ts", 'import { type X, x } from "./x.ts";\nexport const y: X = x;\n', null],
  ["scripts/protocol.ts", imports("fs"), "style/useNodejsImportProtocol"],

  ["packages/core/src/node.ts", imports("node:fs"), direction],
  ["packages/core/src/node-type.ts", 'import type { X } from "node:fs";\nexport type Y = X;\n', direction],
  ["packages/core/src/node-deep.ts", imports("node:fs/promises"), direction],
  ["packages/core/src/node.test.ts", imports("node:fs"), null],
  ["packages/core/src/testing/node.ts", imports("node:fs"), null],
  ["packages/sqlite/src/node.ts", imports("node:async_hooks"), null],

  ["packages/core/src/zod.ts", imports("zod"), null],
  ["packages/core/src/testing/up.ts", imports("../adapter.ts"), null],
  ["packages/core/src/self.ts", imports("@x/entitlements-core"), direction],
  ["packages/core/src/adapter.ts", imports("@x/entitlements-sqlite"), direction],
  ["packages/core/src/adapter-path.ts", imports("@x/entitlements-sqlite/libsql"), direction],
  ["packages/core/src/app.ts", imports("@x/demo"), direction],
  ["packages/core/src/border.ts", imports("../../sqlite/src/index.ts"), direction],
  ["packages/core/src/lazy.ts", 'export const x = import("@x/entitlements-sqlite");\n', direction],
  ["packages/core/src/again.ts", 'export { x } from "@x/entitlements-sqlite";\n', direction],
  ...["sqlite", "postgres", "hono", "better-auth", "cli"].flatMap((name): typeof cases => [
    [`packages/${name}/src/core.ts`, imports("@x/entitlements-core"), null],
    [`packages/${name}/src/subpath.ts`, imports("@x/entitlements-core/testing"), null],
    [`packages/${name}/src/other.ts`, imports("@x/entitlements-other"), direction],
    [`packages/${name}/src/other-path.ts`, imports("@x/entitlements-other/bridge"), direction],
    [`packages/${name}/src/look-alike.ts`, imports("@x/entitlements-core-extra"), direction],
    [`packages/${name}/src/servers.ts`, imports("@x/entitlements-test-servers"), direction],
    [`packages/${name}/src/servers.test.ts`, imports("@x/entitlements-test-servers"), null],
    [`packages/${name}/src/fixtures/servers.ts`, imports("@x/entitlements-test-servers"), null],
    [`packages/${name}/src/other.test.ts`, imports("@x/entitlements-other"), direction],
    [`packages/${name}/src/app.ts`, imports("@x/demo"), direction],
    [`packages/${name}/src/deep/border.ts`, imports("../../../core/src/index.ts"), direction],
    [`packages/${name}/src/built.ts`, imports("../../core/dist/index.js"), direction],
  ]),
  ...["hono", "better-auth"].flatMap((name): typeof cases => [
    [`packages/${name}/src/storage.ts`, imports("@x/entitlements-sqlite"), direction],
    [`packages/${name}/src/storage.test.ts`, imports("@x/entitlements-sqlite/kysely"), null],
    [`packages/${name}/src/fixtures/storage.ts`, imports("@x/entitlements-postgres/pg"), null],
    [`packages/${name}/src/sibling.test.ts`, imports("@x/entitlements-react"), direction],
  ]),
  ["packages/core/src/servers.test.ts", imports("@x/entitlements-test-servers"), direction],
  ["packages/react/src/wire.ts", imports("@x/entitlements-core/wire"), null],
  ["packages/react/src/errors.ts", imports("@x/entitlements-core/errors"), null],
  ["packages/react/src/core.ts", imports("@x/entitlements-core"), direction],
  ["packages/react/src/http.ts", imports("@x/entitlements-core/http"), direction],
  ["packages/react/src/border.ts", imports("../../core/src/wire.ts"), direction],
  ["apps/demo/src/core.ts", imports("@x/entitlements-core"), null],
  ["apps/demo/src/libsql.ts", imports("@x/entitlements-sqlite/libsql"), null],
  ["apps/demo/test/own.ts", imports("../src/main.ts"), null],
  ["apps/demo/src/border.ts", imports("../../../packages/core/src/index.ts"), direction],
  ["apps/demo/src/app.ts", imports("@x/docs"), direction],
  ["apps/demo/src/app-border.ts", imports("../../docs/src/index.ts"), direction],
  ["scripts/app.ts", imports("../apps/demo/src/main.ts"), direction],
];

const found = new Map<string, Set<string>>();
const folder = mkdtempSync(join(tmpdir(), "lint-rules-"));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  for (const name of ["biome.json", ".gitignore"]) copyFileSync(join(root, name), join(folder, name));
  for (const [file, text] of cases) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  const { stdout } = spawnSync(process.execPath, [biome, "lint", "--reporter=json", "--max-diagnostics=none"], {
    cwd: folder,
    encoding: "utf8",
  });
  for (const { category, location } of JSON.parse(stdout).diagnostics) {
    found.set(location.path, (found.get(location.path) ?? new Set()).add(category.replace("lint/", "")));
  }
});

test.each(cases)("%s", (file, _text, rule) => {
  expect([...(found.get(file) ?? [])]).toEqual(rule ? [rule] : []);
});
