import type { Locked, Scope, Snapshot, Target } from "@x/entitlements-core/adapter";
import { ConfigurationError, isStorageError } from "@x/entitlements-core/errors";
import { isStatementError } from "./driver-errors.ts";
import { isRows, measure } from "./measure.ts";
import { assertCurrent, schemaVersion } from "./schema.ts";
import type { Session } from "./session.ts";
import type { entitlementSql } from "./sql/entitlement.ts";
import type { Names } from "./sql/names.ts";
import { reservationSql } from "./sql/reservation.ts";
import { countedKeys } from "./sql/rows.ts";
import { findFault } from "./sql/rows-fault.ts";

/** What calls see and write through an open transaction. */
export interface Views<Tx> {
  snapshot(session: Session<Tx>, scope: Scope<Tx>): Promise<Snapshot<Tx>>;
  locked(session: Session<Tx>, scope: Scope<Tx>): Promise<Locked<Tx>>;
  /** Throws a `ConfigurationError` where our tables are not those this version works with. */
  assertMigrated(session: Session<Tx>): Promise<void>;
}

export function createViews<Tx>(names: Names, entitlements: ReturnType<typeof entitlementSql>): Views<Tx> {
  const reservations = reservationSql(names);
  /** Definitions whose table and column have been found. */
  const checked = new WeakSet<object>();

  async function assertMigrated(session: Session<Tx>): Promise<void> {
    assertCurrent(await schemaVersion(session, names));
  }

  /** On first use: the host's tables that a target names. */
  async function assertCountable(session: Session<Tx>, targets: readonly Target<Tx>[]): Promise<void> {
    for (const target of targets.filter(isRows)) {
      if (checked.has(target.resource)) continue;
      const fault = await findFault(session, target);
      if (fault !== null) throw new ConfigurationError(fault);
      checked.add(target.resource);
    }
  }

  async function snapshot(session: Session<Tx>, scope: Scope<Tx>): Promise<Snapshot<Tx>> {
    if (scope.purpose === "claim" || scope.purpose === "usage") await assertCountable(session, scope.targets);
    try {
      const { now, version, measures } = await measure(entitlements, session, names, scope);
      // In each transaction anew: rules that a newer version of the package has brought are unknown here.
      assertCurrent(version);
      return {
        tx: session.tx,
        now,
        measures,
        findHold: (by) => reservations.find(session, scope.orgId, by, now.toISOString()),
      };
    } catch (error) {
      if (isStorageError(error) && isStatementError(error.cause)) await assertMigrated(session);
      throw error;
    }
  }

  return {
    assertMigrated,
    snapshot,
    async locked(session, scope) {
      const { orgId } = scope;
      const view = await snapshot(session, scope);
      const now = view.now.toISOString();
      return {
        ...view,
        add: (resourceType, amount) => entitlements.add(session, { orgId, resourceType }, amount, now),
        setOverride: (resourceType, override) =>
          entitlements.setOverride(session, { orgId, resourceType }, override, now),
        countedKeys: async (resourceType, keys) => {
          const target = scope.targets.filter(isRows).find((one) => one.resourceType === resourceType);
          return target === undefined ? new Map() : countedKeys(session, names, orgId, target, keys, view.now);
        },
        hold: (hold) => reservations.hold(session, orgId, hold, now),
        endHold: (id) => reservations.end(session, orgId, id),
        recall: (key) => reservations.recall(session, orgId, key, now),
        remember: (replay) => reservations.remember(session, orgId, replay, now),
        erase: async () => {
          await entitlements.erase(session, orgId);
          await reservations.erase(session, orgId);
        },
      };
    },
  };
}
