// @vitest-environment node
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

/** What a snippet without imports of its own takes for granted. */
const prelude = `
import { BillingCard, EntitlementGate, EntitlementsProvider, GatedNavItem, InviteForm } from "@x/entitlements-react";
import { LimitAlert, PendingInvitations, RoleSelect, UsageBar, UsageList } from "@x/entitlements-react";
import { defineSeats, type UsageResponse } from "@x/entitlements-core/wire";
const seats = defineSeats({ "seat:admin": ["owner", "admin"], "seat:member": ["member"] });
declare const setRole: (role: "owner" | "admin" | "member") => void;
type Role = "owner" | "admin" | "member";
interface Organization {
  inviteMember(to: { email: string; role: Role }): Promise<unknown>;
  cancelInvitation(which: { invitationId: string }): Promise<unknown>;
}
declare const client: { organization: Organization };
declare const pending: { id: string; email: string; role: Role; expiresAt: Date }[];
declare const members: string[];
declare const invited: string[];
declare const limitError: unknown;
declare const reload: () => Promise<void>;
declare const usage: UsageResponse | undefined;
declare const orgId: string | null;
declare const error: Error | null;
declare const reset: () => void;
`;

const repository = join(import.meta.dirname, "../../..");
const folder = join(import.meta.dirname, "..", ".readme");

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("every snippet of the README and of the Storybook's pages type-checks under the strictest settings", () => {
  const pages = ["packages/react/README.md", ...mdxIn("packages/react/src"), ...mdxIn(".storybook")];
  const snippets = pages.flatMap((page) => {
    const text = readFileSync(join(repository, page), "utf8");
    return Array.from(text.matchAll(/```tsx\n([\s\S]*?)```/g), ([, snippet = ""]) => snippet.trim());
  });
  expect(pages).toHaveLength(16);
  expect(snippets.length).toBeGreaterThan(20);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "styles.d.ts"), 'declare module "*.css";\n');
  for (const [index, snippet] of snippets.entries())
    writeFileSync(join(folder, `snippet-${index}.tsx`), snippet.startsWith("<") ? asModule(snippet) : snippet);
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: "../tsconfig.json",
      compilerOptions: { noUnusedLocals: false },
      include: ["*.ts", "*.tsx"],
    }),
  );
  const tsc = join(repository, "node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
  expect(stdout).toBe("");
});

function mdxIn(root: string): string[] {
  const files = readdirSync(join(repository, root), { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".mdx")).map((file) => join(root, file));
}

function asModule(element: string): string {
  const complete = element.replaceAll("<EntitlementsProvider", '<EntitlementsProvider orgId="acme" endpoint="/usage"');
  return `${prelude}export const element = (${complete});\n`;
}
