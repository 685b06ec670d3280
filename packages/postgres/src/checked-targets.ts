import { assertCurrent, type Scope } from "@x/entitlements-core/adapter";
import { InvalidRequestError, isStorageError } from "@x/entitlements-core/errors";
import { isStatementError } from "./driver-errors.ts";
import { counts, isRows, type Measured } from "./measure.ts";
import { assertCountable, brokenCount } from "./rows-fault.ts";
import { KNOWN, schemaVersion } from "./schema.ts";
import type { Session } from "./session.ts";
import type { Names } from "./sql/names.ts";
import type { IsCanonical } from "./sql/org-column.ts";

/** What is found out about tables on first use, and what to say where a statement on them fails. */
export interface CheckedTargets {
  isUnchecked<Tx>(scope: Scope<Tx>): boolean;
  /** Throws where the host's tables are not as the definitions say, and on an id that they could not hold as it is. */
  assertCountable<Tx>(session: Session<Tx>, scope: Scope<Tx>): Promise<void>;
  /** Throws a `ConfigurationError` where our tables are not those this version works with. */
  assertMigrated<Tx>(session: Session<Tx>): Promise<void>;
  /** Measures; a statement that fails is explained after `undo`. */
  explained<Tx>(
    session: Session<Tx>,
    scope: Scope<Tx>,
    undo: () => readonly string[],
    measure: () => Promise<Measured>,
  ): Promise<Measured>;
}

export function checkedTargets(names: Names): CheckedTargets {
  /** Definitions whose tables and columns have been found right, and the rules for ids in them. */
  const checked = new WeakMap<object, readonly IsCanonical[]>();

  async function assertMigrated<Tx>(session: Session<Tx>): Promise<void> {
    assertCurrent(await schemaVersion(session, names), KNOWN);
  }

  const counted = <Tx>(scope: Scope<Tx>) => (counts(scope) ? scope.targets.filter(isRows) : []);

  return {
    assertMigrated,
    isUnchecked: (scope) => counted(scope).some(({ resource }) => !checked.has(resource)),

    async assertCountable(session, scope) {
      for (const target of counted(scope)) {
        let rules = checked.get(target.resource);
        if (rules === undefined) {
          await assertMigrated(session);
          rules = await assertCountable(session, names, target);
          checked.set(target.resource, rules);
        }
        if (rules.every((isCanonical) => isCanonical(scope.orgId))) continue;
        throw new InvalidRequestError(
          "orgId",
          `${JSON.stringify(scope.orgId)} is not how the tables that ${target.resourceType} counts write an organisation's id. Pass it as the database writes it: a uuid in lower case, a number without leading zeros.`,
        );
      }
    },

    async explained(session, scope, undo, measure) {
      try {
        const seen = await measure();
        // Again and again: rules that a newer version of the package has brought are unknown here.
        if (seen.version !== null) assertCurrent(seen.version, KNOWN);
        return seen;
      } catch (error) {
        if (!isStorageError(error) || !isStatementError(error.cause)) throw error;
        await session.run(undo());
        await assertMigrated(session);
        const targets = counted(scope);
        throw targets.length === 0 ? error : brokenCount(targets, error.cause);
      }
    },
  };
}
