/** A column that Kysely reads and does not write: what is written past the SDK is not enforced. Kysely's `ColumnType`. */
interface ReadOnly<T> {
  readonly __select__: T;
  readonly __insert__: never;
  readonly __update__: never;
}

/** A `bigint` column, a text unless the host has told `pg` otherwise. */
type Count = ReadOnly<string>;

interface Tables {
  /** The limits of organisations, and what counters have counted. */
  org_entitlement: {
    org_id: ReadOnly<string>;
    resource_type: ReadOnly<string>;
    has_override: ReadOnly<boolean>;
    max_value: ReadOnly<string | null>;
    used: Count;
    reason: ReadOnly<string | null>;
    actor: ReadOnly<string | null>;
    expires_at: ReadOnly<Date | null>;
    holds_until: ReadOnly<Date | null>;
    created_at: ReadOnly<Date>;
    updated_at: ReadOnly<Date>;
  };
  /** Who waits to have a lock alone that others share. */
  org_limit_change: {
    org_id: ReadOnly<string>;
    resource_type: ReadOnly<string>;
    waiter: ReadOnly<string>;
    expires_at: ReadOnly<Date>;
  };
  /** What is held for a while. */
  org_reservation: {
    org_id: ReadOnly<string>;
    id: ReadOnly<string>;
    resource_type: ReadOnly<string>;
    amount: Count;
    counts_as: Count;
    key: ReadOnly<string | null>;
    covers: ReadOnly<string[]>;
    expires_at: ReadOnly<Date>;
    created_at: ReadOnly<Date>;
  };
  /** Results of calls with an idempotency key. */
  org_idempotency: {
    org_id: ReadOnly<string>;
    key: ReadOnly<string>;
    resource_type: ReadOnly<string>;
    fingerprint: ReadOnly<string>;
    result: ReadOnly<string | null>;
    expires_at: ReadOnly<Date>;
    created_at: ReadOnly<Date>;
  };
  /** Which steps `migrate()` has made. */
  entitlements_migration: {
    version: ReadOnly<number>;
    name: ReadOnly<string>;
    applied_at: ReadOnly<Date>;
  };
}

/**
 * The tables of the SDK for Kysely's query builder, to read and to join: `Kysely<Mine & EntitlementsDatabase>`. With a
 * `tablePrefix` or `schema`: `EntitlementsDatabase<"billing_">`, `EntitlementsDatabase<"billing.">`.
 */
export type EntitlementsDatabase<Prefix extends string = ""> = {
  [Name in keyof Tables as `${Prefix}${Name}`]: Tables[Name];
};
