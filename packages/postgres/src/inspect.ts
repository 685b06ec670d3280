import { type Finding, sqlFor, type Target } from "@x/entitlements-core/adapter";
import { findMissingIndex } from "./inspect-index.ts";
import { SCHEMA_VERSION } from "./migrations/index.ts";
import { findFault } from "./rows-fault.ts";
import { schemaVersion } from "./schema.ts";
import type { Session } from "./session.ts";
import { literal } from "./sql/literal.ts";
import { type RowsTarget, sourcesOf } from "./sql/rows.ts";
import type { Statements } from "./views.ts";

/** Everything that is missing or slow for these targets. */
export async function inspectDatabase<Tx>(
  session: Session<Tx>,
  statements: Statements,
  rows: readonly RowsTarget[],
  targets: readonly Target<Tx>[],
): Promise<readonly Finding[]> {
  const { names } = statements;
  const findings: Finding[] = [];
  const version = await schemaVersion(session, names);
  if (version === SCHEMA_VERSION) findings.push(...(await unknownTypes(session, statements, targets)));
  else
    findings.push({
      severity: "error",
      message: `The entitlements tables are at version ${version}, this package works with ${SCHEMA_VERSION}.`,
      fix: version < SCHEMA_VERSION ? "await entitlements.migrate()" : null,
    });
  for (const target of rows) {
    // Counting looks at the holds as well, so without our tables it cannot be tried.
    const fault = version === SCHEMA_VERSION ? await findFault(session, names, target) : null;
    if (fault !== null) findings.push({ severity: "error", message: fault, fix: null });
    else {
      for (const source of sourcesOf(target.resource))
        findings.push(...(await findMissingIndex(session, target.resourceType, source)));
      for (const { condition, message, fix } of target.resource.expects ?? []) {
        const [found] = await session.rows(`select (${sqlFor("postgres", condition)}\n)::text as holds`);
        if (found?.["holds"] !== "true") findings.push({ severity: "warning", message, fix: sqlFor("postgres", fix) });
      }
    }
  }
  return findings;
}

async function unknownTypes<Tx>(
  session: Session<Tx>,
  { names, entitlements }: Statements,
  targets: readonly Target<Tx>[],
): Promise<readonly Finding[]> {
  const stored = (await session.rows(entitlements.storedTypes)).map((row) => String(row["resource_type"]));
  return stored
    .filter((resourceType) => !targets.some((target) => target.resourceType === resourceType))
    .map((resourceType) => ({
      severity: "warning",
      message: `Limits or counts are stored for ${resourceType}, which is not defined in \`resources\`: they limit nothing.`,
      fix: `delete from ${names.entitlement} where resource_type = ${literal(resourceType)}`,
    }));
}
