import type { ResourceType } from "@x/entitlements-core";
import type { Hold, Locked, Measure, Override, Replay, Scope, Snapshot } from "@x/entitlements-core/adapter";
import { ConfigurationError } from "@x/entitlements-core/errors";
import { boundTo, isRows, type Measured, type Measuring } from "./measure.ts";
import type { Keeping, Session } from "./session.ts";
import type { Frame } from "./settings.ts";
import type { entitlementSql } from "./sql/entitlement.ts";
import { literal } from "./sql/literal.ts";
import type { Names } from "./sql/names.ts";
import { type HoldName, holdIn, replayIn, type reservationSql } from "./sql/reservation.ts";
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

  async findHold(by: HoldName): Promise<Hold | null> {
    const [row] = await this.session.rows(this.statements.reservations.find(this.scope.orgId, by, this.now));
    return row === undefined ? null : holdIn(row);
  }
}

/** What a call writes with beside its view. */
export interface Writing {
  readonly keeping: Keeping & { readonly inBetween: Frame };
  /** Whether the transaction is a caller's that sees the world as it was at its beginning. */
  readonly isolated?: boolean;
}

/** The same, with what may be written under the lock. Most writes are put off, see `Session`. */
export class LockedView<Tx> extends View<Tx> implements Locked<Tx> {
  readonly #keeping: Writing["keeping"];
  readonly #isolated: boolean;
  #hasKept = false;

  constructor(
    statements: Statements,
    session: Session<Tx>,
    scope: Scope<Tx>,
    measured: Measured,
    { keeping, isolated = false }: Writing,
  ) {
    super(statements, session, scope, measured);
    this.#keeping = keeping;
    this.#isolated = isolated;
  }

  #putOff(...statements: readonly string[]): void {
    this.session.putOff(this.#keeping, ...statements);
  }

  /**
   * Whoever is about to end a hold keeps it to the commit, so that nobody takes its key for free once it has expired. The second
   * look comes behind the host's function.
   */
  override async findHold(by: HoldName): Promise<Hold | null> {
    const { orgId, targets, purpose } = this.scope;
    if (purpose !== "change") return super.findHold(by);
    const { before, after } = this.#keeping.inBetween;
    const types = targets.map(({ resourceType }) => resourceType);
    const keep = this.#hasKept ? [] : [this.statements.reservations.keep(orgId, by, types, this.now)];
    this.#hasKept = true;
    const find = this.statements.reservations.find(orgId, by, this.now);
    const answers = await this.session.explained(this.#keeping, [...before, ...keep, find, ...after]);
    const [row] = answers.at(-1 - after.length)?.rows ?? [];
    return row === undefined ? null : holdIn(row);
  }

  /** At once: the host's function may come next, with calls and savepoints of its own. Behind the one of `confirm` nothing does. */
  async add(resourceType: ResourceType, amount: number): Promise<void> {
    const statement = this.statements.entitlements.add({ orgId: this.scope.orgId, resourceType }, amount);
    if (this.scope.purpose === "change") this.#putOff(statement);
    else await this.session.run([statement]);
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
    this.#putOff(this.statements.entitlements.setOverride(key, override, this.now));
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
    this.#putOff(
      ...reservations.hold(orgId, hold, this.now),
      entitlements.holdUntil({ orgId, resourceType }, new Date(expiresAt)),
    );
  }

  async endHold(id: string): Promise<void> {
    this.#putOff(this.statements.reservations.end(this.scope.orgId, id));
  }

  async recall(key: string): Promise<Replay | null> {
    const [row] = await this.session.rows(this.statements.reservations.recall(this.scope.orgId, key, this.now));
    return row === undefined ? null : replayIn(row, key);
  }

  async remember(replay: Replay): Promise<void> {
    const { orgId, targets } = this.scope;
    // Whoever else sweeps what was kept here has the lock of the same first one.
    const [first] = targets;
    if (first === undefined) return;
    const key = { orgId, resourceType: first.resourceType };
    this.#putOff(...this.statements.reservations.remember(key, replay, this.now));
  }

  async erase(): Promise<void> {
    const { orgId } = this.scope;
    this.#putOff(...this.statements.entitlements.erase(orgId), ...this.statements.reservations.erase(orgId));
  }
}
