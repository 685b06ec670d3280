import type { ResourceType } from "@x/entitlements-core";
import type { Hold, Locked, Measure, Override, Replay, Scope, Snapshot } from "@x/entitlements-core/adapter";
import { ConfigurationError } from "@x/entitlements-core/errors";
import { boundTo, isRows, type Measured, type Measuring } from "./measure.ts";
import type { Session } from "./session.ts";
import type { entitlementSql } from "./sql/entitlement.ts";
import { literal } from "./sql/literal.ts";
import type { Names } from "./sql/names.ts";
import { holdIn, replayIn, type reservationSql } from "./sql/reservation.ts";
import { countedKeysSql } from "./sql/rows.ts";

/** The statements of one adapter. */
export interface Statements {
  readonly names: Names;
  readonly entitlements: ReturnType<typeof entitlementSql>;
  readonly reservations: ReturnType<typeof reservationSql>;
  readonly measuring: Measuring;
}

/** What a call sees in an open transaction. */
export class View<Tx> implements Snapshot<Tx> {
  readonly tx: Tx;
  readonly now: Date;
  readonly measures: ReadonlyMap<string, Measure>;
  protected readonly statements: Statements;
  protected readonly session: Session<Tx>;
  protected readonly scope: Scope<Tx>;

  constructor(statements: Statements, session: Session<Tx>, scope: Scope<Tx>, { now, measures }: Measured) {
    this.tx = session.tx;
    this.now = now;
    this.measures = measures;
    this.statements = statements;
    this.session = session;
    this.scope = scope;
  }

  async findHold(by: { readonly id: string } | { readonly key: string }): Promise<Hold | null> {
    const [row] = await this.session.rows(this.statements.reservations.find(this.scope.orgId, by, this.now));
    return row === undefined ? null : holdIn(row);
  }
}

/** The same, with what may be written under the lock. Most writes are put off, see `Session`. */
export class LockedView<Tx> extends View<Tx> implements Locked<Tx> {
  readonly #isolated: boolean;

  constructor(
    statements: Statements,
    session: Session<Tx>,
    scope: Scope<Tx>,
    measured: Measured,
    isolated: boolean = false,
  ) {
    super(statements, session, scope, measured);
    this.#isolated = isolated;
  }

  /** At once: the host's function may come next, with calls and savepoints of its own. */
  async add(resourceType: ResourceType, amount: number): Promise<void> {
    await this.session.run([this.statements.entitlements.add({ orgId: this.scope.orgId, resourceType }, amount)]);
  }

  async setOverride(
    resourceType: ResourceType,
    override: Omit<Override, "resourceType" | "updatedAt"> | null,
  ): Promise<void> {
    // Writers of what is unlimited share the anchor and do not write it: a claim of this transaction, under the limit that it sets
    // here, could not see what they have written since it began, nor fail because of it.
    if (this.#isolated)
      throw new ConfigurationError(
        "Limits cannot be changed in a transaction at REPEATABLE READ or SERIALIZABLE. Change them at READ COMMITTED, or leave out `tx`.",
      );
    const key = { orgId: this.scope.orgId, resourceType };
    this.session.putOff(this.statements.entitlements.setOverride(key, override, this.now));
  }

  async countedKeys(
    resourceType: ResourceType,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, { pending: boolean }>> {
    const target = this.scope.targets.filter(isRows).find((one) => one.resourceType === resourceType);
    if (target === undefined) return new Map();
    const bound = boundTo(this.scope.orgId, `(${literal(this.now)})`);
    const found = await this.session.rows(countedKeysSql(this.statements.names, target, keys, bound));
    return new Map(found.map(({ k, pending }) => [String(k), { pending: pending === "1" }]));
  }

  async hold(hold: Hold): Promise<void> {
    const { reservations, entitlements } = this.statements;
    const { orgId } = this.scope;
    const { resourceType, expiresAt } = hold;
    this.session.putOff(
      ...reservations.hold(orgId, hold, this.now),
      entitlements.holdUntil({ orgId, resourceType }, new Date(expiresAt)),
    );
  }

  async endHold(id: string): Promise<void> {
    this.session.putOff(this.statements.reservations.end(this.scope.orgId, id));
  }

  async recall(key: string): Promise<Replay | null> {
    const [row] = await this.session.rows(this.statements.reservations.recall(this.scope.orgId, key, this.now));
    return row === undefined ? null : replayIn(row, key);
  }

  async remember(replay: Replay): Promise<void> {
    this.session.putOff(...this.statements.reservations.remember(this.scope.orgId, replay, this.now));
  }

  async erase(): Promise<void> {
    const { orgId } = this.scope;
    this.session.putOff(...this.statements.entitlements.erase(orgId), ...this.statements.reservations.erase(orgId));
  }
}
