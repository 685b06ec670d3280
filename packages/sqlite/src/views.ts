import type { ResourceType, RowsSource } from "@x/entitlements-core";
import {
  assertCurrent,
  type Hold,
  type Locked,
  type Measure,
  type Override,
  type Replay,
  type Scope,
  type Snapshot,
} from "@x/entitlements-core/adapter";
import { ConfigurationError, InvalidRequestError, isStorageError } from "@x/entitlements-core/errors";
import { isStatementError } from "./driver-errors.ts";
import { counts, isRows, type Measured, measure } from "./measure.ts";
import { KNOWN, schemaVersion } from "./schema.ts";
import type { Session } from "./session.ts";
import { entitlementSql } from "./sql/entitlement.ts";
import { hasNumericIds, isCanonicalNumber } from "./sql/ids.ts";
import type { Names } from "./sql/names.ts";
import { reservationSql } from "./sql/reservation.ts";
import { countedKeys, type RowsTarget, sourcesOf } from "./sql/rows.ts";
import { findFault, unequalIds } from "./sql/rows-fault.ts";

/** What calls see and write through an open transaction. */
export interface Views<Tx> {
  readonly entitlements: ReturnType<typeof entitlementSql>;
  snapshot(session: Session<Tx>, scope: Scope<Tx>): Promise<Snapshot<Tx>>;
  locked(session: Session<Tx>, scope: Scope<Tx>): Promise<Locked<Tx>>;
  /** Throws a `ConfigurationError` where our tables are not those this version works with. */
  assertMigrated(session: Session<Tx>): Promise<void>;
}

export function createViews<Tx>(names: Names): Views<Tx> {
  const statements: Statements = {
    names,
    entitlements: entitlementSql(names),
    reservations: reservationSql(names),
  };
  /** Definitions whose tables and columns have been found right. */
  const checked = new WeakMap<object, Checked>();

  async function assertMigrated(session: Session<Tx>): Promise<void> {
    assertCurrent(await schemaVersion(session, names), KNOWN);
  }

  /** On first use: the host's tables that a target names. */
  async function assertCountable(session: Session<Tx>, orgId: string, target: RowsTarget): Promise<Checked> {
    const { resourceType, resource } = target;
    let known = checked.get(resource);
    if (known === undefined) {
      const fault = await findFault(session, target);
      if (fault !== null) throw new ConfigurationError(fault);
      known = { numericIds: await hasNumericIds(session, target), unseen: new Set(sourcesOf(resource)) };
      checked.set(resource, known);
    }
    if (known.numericIds && !isCanonicalNumber(orgId))
      throw new InvalidRequestError(
        "orgId",
        `The ids of organisations are numbers in the tables that ${resourceType} counts; SQLite would take ${JSON.stringify(orgId)} for another way to write one. Pass the id as the number is written, such as "42".`,
      );
    return known;
  }

  /** As soon as there are ids in the tables of a target. */
  async function assertIds(session: Session<Tx>, resourceType: string, { unseen }: Checked): Promise<void> {
    for (const source of unseen) {
      const fault = await unequalIds(session, resourceType, source);
      if (typeof fault === "string") throw new ConfigurationError(fault);
      if (fault === null) unseen.delete(source);
    }
  }

  async function measured(session: Session<Tx>, scope: Scope<Tx>): Promise<Measured> {
    const counting = counts(scope) ? scope.targets.filter(isRows) : [];
    const unseen: (readonly [string, Checked])[] = [];
    for (const target of counting) {
      const known = checked.get(target.resource);
      if (known !== undefined && known.unseen.size === 0 && !known.numericIds) continue;
      unseen.push([target.resourceType, await assertCountable(session, scope.orgId, target)]);
    }
    try {
      const seen = await measure(statements.entitlements, session, names, scope);
      // In each transaction anew: rules that a newer version of the package has brought are unknown here.
      assertCurrent(seen.version, KNOWN);
      for (const [resourceType, known] of unseen) await assertIds(session, resourceType, known);
      return seen;
    } catch (error) {
      if (isStorageError(error) && isStatementError(error.cause)) await assertMigrated(session);
      throw error;
    }
  }

  return {
    entitlements: statements.entitlements,
    assertMigrated,
    snapshot: async (session, scope) => new View(statements, session, scope, await measured(session, scope)),
    locked: async (session, scope) => new LockedView(statements, session, scope, await measured(session, scope)),
  };
}

interface Checked {
  readonly numericIds: boolean;
  /** Sources that have held no id so far: an empty table does not tell of what type its ids will be. */
  readonly unseen: Set<RowsSource<string>>;
}

interface Statements {
  readonly names: Names;
  readonly entitlements: ReturnType<typeof entitlementSql>;
  readonly reservations: ReturnType<typeof reservationSql>;
}

class View<Tx> implements Snapshot<Tx> {
  readonly tx: Tx;
  readonly now: Date;
  readonly measures: ReadonlyMap<string, Measure>;
  protected readonly statements: Statements;
  protected readonly session: Session<Tx>;
  protected readonly scope: Scope<Tx>;
  /** `now` as it is stored. */
  protected readonly moment: string;

  constructor(statements: Statements, session: Session<Tx>, scope: Scope<Tx>, { now, moment, measures }: Measured) {
    this.tx = session.tx;
    this.now = now;
    this.moment = moment;
    this.measures = measures;
    this.statements = statements;
    this.session = session;
    this.scope = scope;
  }

  findHold(by: { readonly id: string } | { readonly key: string }): Promise<Hold | null> {
    return this.statements.reservations.find(this.session, this.scope.orgId, by, this.moment);
  }
}

class LockedView<Tx> extends View<Tx> implements Locked<Tx> {
  add(resourceType: ResourceType, amount: number): Promise<void> {
    const { orgId } = this.scope;
    return this.statements.entitlements.add(this.session, { orgId, resourceType }, amount, this.moment);
  }

  setOverride(
    resourceType: ResourceType,
    override: Omit<Override, "resourceType" | "updatedAt"> | null,
  ): Promise<void> {
    const { orgId } = this.scope;
    return this.statements.entitlements.setOverride(this.session, { orgId, resourceType }, override, this.moment);
  }

  async countedKeys(
    resourceType: ResourceType,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, { pending: boolean }>> {
    const target = this.scope.targets.filter(isRows).find((one) => one.resourceType === resourceType);
    if (target === undefined) return new Map();
    return countedKeys(this.session, this.statements.names, this.scope.orgId, target, keys, this.now);
  }

  hold(hold: Hold): Promise<void> {
    return this.statements.reservations.hold(this.session, this.scope.orgId, hold, this.moment);
  }

  endHold(id: string): Promise<void> {
    return this.statements.reservations.end(this.session, this.scope.orgId, id);
  }

  recall(key: string): Promise<Replay | null> {
    return this.statements.reservations.recall(this.session, this.scope.orgId, key, this.moment);
  }

  remember(replay: Replay): Promise<void> {
    return this.statements.reservations.remember(this.session, this.scope.orgId, replay, this.moment);
  }

  async erase(): Promise<void> {
    await this.statements.entitlements.erase(this.session, this.scope.orgId);
    await this.statements.reservations.erase(this.session, this.scope.orgId);
  }
}
