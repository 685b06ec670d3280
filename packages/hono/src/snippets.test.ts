import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";

const folder = join(import.meta.dirname, "..", ".readme");

/** What a reader of the README has already. */
const APPLICATION = `
import { createEntitlements, type MemoryTransaction, counter, memoryAdapter } from "@x/entitlements-core";
import { problemFrom } from "@x/entitlements-core/http";
import { createMiddleware } from "hono/factory";

interface Project { id: string; name: string }
const resources = {
  "quota:project": counter({ label: "Projects" }),
  "seat:admin": counter({ label: "Admin seats" }),
  "seat:member": counter({ label: "Member seats" }),
};
const entitlements = createEntitlements({ adapter: memoryAdapter(), resources });
const signedIn = createMiddleware<AppEnv>((_c, next) => next());
const mayCreateProjects = createMiddleware((_c, next) => next());
const projectBody = (): Project => ({ id: "1", name: "Apollo" });
declare function insertProject(tx: MemoryTransaction, project: Project): Promise<Project>;
declare function updateProject(tx: MemoryTransaction, project: Project): Promise<Project>;
declare function findProject(tx: MemoryTransaction, id: string): Promise<Project | null>;
`;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("every snippet of the README type-checks under the strictest settings", () => {
  const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
  const snippets = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, snippet]) => snippet);
  expect(snippets).toHaveLength(7);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "readme.ts"), `${APPLICATION}${snippets.join("\n")}export { api, app, handleCreate };\n`);
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: "../../../tsconfig.base.json", include: ["*.ts"] }),
  );
  const tsc = join(import.meta.dirname, "../../../node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
  expect(stdout).toBe("");
});
