import { type Finding, type Scope, sqlFor, type Target } from "@x/entitlements-core/adapter";
import { isConfigurationError } from "@x/entitlements-core/errors";
import { findMissingIndex } from "./inspect-index.ts";
import { isRows } from "./measure.ts";
import { SCHEMA_VERSION } from "./migrations/index.ts";
import { schemaVersion } from "./schema.ts";
import { integer, type Session } from "./session.ts";
import type { entitlementSql } from "./sql/entitlement.ts";
import type { Names } from "./sql/names.ts";
import { countRows, type RowsTarget, sourcesOf } from "./sql/rows.ts";
import { findFault } from "./sql/rows-fault.ts";

/** Everything that is missing or slow for these targets. */
export async function inspectDatabase<Tx>(
  session: Session<Tx>,
  names: Names,
  entitlements: ReturnType<typeof entitlementSql>,
  targets: Scope<Tx>["targets"],
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const version = await schemaVersion(session, names);
  if (version !== SCHEMA_VERSION) {
    const message = `The entitlements tables are at version ${version}, this package works with ${SCHEMA_VERSION}.`;
    findings.push({
      severity: "error",
      message,
      fix: version < SCHEMA_VERSION ? "await entitlements.migrate()" : null,
    });
  } else {
    findings.push(...unknownTypes(await entitlements.storedTypes(session), names, targets));
  }
  for (const target of targets.filter(isRows)) findings.push(...(await inspectRows(session, names, target)));
  return findings;
}

function unknownTypes<Tx>(
  stored: readonly string[],
  { entitlement }: Names,
  targets: readonly Target<Tx>[],
): readonly Finding[] {
  return stored
    .filter((resourceType) => !targets.some((target) => target.resourceType === resourceType))
    .map((resourceType) => ({
      severity: "warning",
      message: `Limits or counts are stored for ${resourceType}, which is not defined in \`resources\`: they limit nothing.`,
      fix: `delete from ${entitlement} where resource_type = '${resourceType}'`,
    }));
}

async function inspectRows<Tx>(session: Session<Tx>, names: Names, target: RowsTarget): Promise<readonly Finding[]> {
  const fault = await findFault(session, target);
  if (fault !== null) return [{ severity: "error", message: fault, fix: null }];
  try {
    await countRows(session, names, "", [target], new Date());
  } catch (error) {
    if (!isConfigurationError(error)) throw error;
    return [{ severity: "error", message: error.message, fix: null }];
  }
  const findings: Finding[] = [];
  for (const source of sourcesOf(target.resource))
    findings.push(...(await findMissingIndex(session, target.resourceType, source)));
  for (const { condition, message, fix } of target.resource.expects ?? []) {
    const [found] = await session.all(`select iif((${sqlFor("sqlite", condition)}\n), 1, 0) as holds`);
    if (integer(found?.["holds"]) === 0) findings.push({ severity: "warning", message, fix: sqlFor("sqlite", fix) });
  }
  return findings;
}
