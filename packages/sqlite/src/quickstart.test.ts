import { spawnSync } from "node:child_process";
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
  for (const name of ["core", "sqlite"]) writeFileSync(join(folder, `${name}.ts`), documented(name));
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: "../../../tsconfig.base.json", include: ["*.ts"] }),
  );
});

/** What the snippets of the packages' READMEs take for granted. */
const given = `import type { Adapter } from "@x/entitlements-core";
import type { AdapterUnderTest, Harness } from "@x/entitlements-core/testing";
type Tx = import("libsql").Database;
declare const anotherAdapter: Adapter<Tx>, adapterUnderTest: AdapterUnderTest<Tx>;
declare const opened: number, orgId: string, id: string, tx: Tx;
declare const insertProject: (tx: Tx) => void, promote: (tx: Tx) => void, upsert: (tx: Tx, id: string) => void;
declare const isNew: (tx: Tx, id: string) => boolean;
declare const app: { onError(handle: (error: unknown) => Response): void };
declare const organisationOfSession: (request: Request) => Promise<{ orgId: string } | null>;
declare const insert: Harness<Tx>["host"]["insert"], remove: Harness<Tx>["host"]["remove"];
declare const count: Harness<Tx>["host"]["count"], transaction: Harness<Tx>["host"]["transaction"];
declare const countMembers: (orgId: string) => number, join: (tx: Tx, orgId: string, name: string) => void;
declare const invite: typeof join, uninvite: typeof join;
declare const teardown: () => void, dropOurTables: (tx: Tx) => void;
export { adapterUnderTest, anotherAdapter, app, count, countMembers, invite, join, uninvite, dropOurTables, id, insert, insertProject, isNew, opened, orgId, organisationOfSession, promote, remove, teardown, transaction, tx, upsert };
`;

/** Every TypeScript snippet of a package's README as one module. */
function documented(name: string): string {
  const readme = readFileSync(join(import.meta.dirname, `../../${name}/README.md`), "utf8");
  const snippets = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, snippet]) => snippet).join("\n");
  const adapter = snippets.includes("const adapter =")
    ? "export { adapter };\n"
    : "declare const adapter: Adapter<Tx>;\n";
  return `${given}${adapter}${snippets}${snippets.includes("const usage =") ? "export { usage };\n" : ""}`;
}

afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(database, { recursive: true });
});

it("the quickstart of the README makes five projects and is refused the sixth", async () => {
  for (const file of files.slice(0, 5)) await import(/* @vite-ignore */ file);
  const sixth = await import(/* @vite-ignore */ files[5] ?? "").catch((error: unknown) => error);
  expect(isLimitReachedError(sixth) && sixth.message).toContain("Projects limit reached (5/5)");
});

it("the quickstart, and every snippet of the packages' READMEs, type-check under the strictest settings", () => {
  const tsc = join(import.meta.dirname, "../../../node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
  expect(stdout).toBe("");
});
