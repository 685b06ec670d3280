// What a host would write: compiled and run by check-packages.mjs in an empty project, against the packed tarballs.
import { counter, createEntitlements, isLimitReachedError } from "@x/entitlements-core";
import { sqliteAdapter } from "@x/entitlements-sqlite";
import { fromLibsql } from "@x/entitlements-sqlite/libsql";
import Database from "libsql";

const entitlements = createEntitlements({
  adapter: sqliteAdapter(fromLibsql(() => new Database("consumer.db"))),
  resources: { "quota:project": counter({ label: "Projects" }) },
});
const project = { orgId: "acme", resourceType: "quota:project" } as const;

await entitlements.migrate();
await entitlements.setLimit({ ...project, limit: 1 });
await entitlements.consume(project);
const denial: unknown = await entitlements.consume(project).then(
  () => "granted",
  (error: unknown) => error,
);
if (!isLimitReachedError(denial) || denial.limit !== 1) throw new Error(`Expected a denial, got ${String(denial)}`);

// @ts-expect-error: a misspelt resource type does not compile
void (() => entitlements.consume({ orgId: "acme", resourceType: "quota:projekt" }));
