// @vitest-environment node
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

/** What the snippets after the first take for granted. */
const prelude = `
import { BillingCard, InviteForm, PendingInvitations, RoleSelect, UsageBar } from "@x/entitlements-react";
import { defineSeats } from "@x/entitlements-core/wire";
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
declare const reload: () => void;
`;

const folder = join(import.meta.dirname, "..", ".readme");

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("every snippet of the README type-checks under the strictest settings", () => {
  const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
  const snippets = Array.from(readme.matchAll(/```tsx\n([\s\S]*?)```/g), ([, snippet = ""]) => snippet);
  expect(snippets).toHaveLength(7);
  const [example = "", ...elements] = snippets;
  const wrapped = elements.map((element, index) => `export const element${index} = (${element.trim()});\n`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "styles.d.ts"), 'declare module "*.css";\n');
  writeFileSync(
    join(folder, "readme.tsx"),
    `${prelude}${example}\n${wrapped.join("").replaceAll("<EntitlementsProvider", '<EntitlementsProvider orgId="acme"')}`,
  );
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: "../tsconfig.json", include: ["*.ts", "*.tsx"] }),
  );
  const tsc = join(import.meta.dirname, "../../../node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
  expect(stdout).toBe("");
});
