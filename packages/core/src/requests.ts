import type { Limit } from "./status.ts";

/** Everything a method may be asked about one organisation. */
export interface OrganisationRequest<Tx> {
  /** The organisation: 1 to 255 characters. */
  readonly orgId: string;
  /** The caller's own open transaction. Without it the SDK uses a connection of its own. */
  readonly tx?: Tx | undefined;
}

interface OneClaim<T extends string> {
  readonly resourceType: T;
  /** Units to claim, all or nothing: a positive safe integer, 1 when left out. */
  readonly amount?: number | undefined;
  readonly claims?: never;
}

interface SeveralClaims<T extends string> {
  /**
   * Units by resource type, all or nothing. Only growth is checked: a negative amount gives back (on `rows` and
   * `counted` the host's write does that, here it only takes the lock), 0 only takes the lock.
   */
  readonly claims: { readonly [Type in T]?: number };
  readonly resourceType?: never;
  readonly amount?: never;
}

interface Claiming<Tx> extends OrganisationRequest<Tx> {
  /**
   * Aborts the wait for the lock, and in the SDK's own transaction also the function: it is rolled back and the call
   * rejects with the signal's reason. A function inside a transaction of the caller's is left to finish.
   */
  readonly signal?: AbortSignal | undefined;
}

/** Makes sure that a call which is repeated happens once. */
interface Idempotent {
  /**
   * 1 to 255 characters, the caller's name for this operation within the organisation. Its result, plain data of at most
   * 64 kB, is kept for `idempotencyTtlMs` in the same transaction; the same key again returns it and runs nothing.
   * Refusals and throws are not kept. With other claims it throws an `IdempotencyMismatchError`.
   */
  readonly idempotencyKey: string;
}

interface Locking {
  /**
   * `before` (when left out): the lock is held from before the function to the commit. `at-commit`, for a hot organisation of
   * `rows` and `counter`s on PostgreSQL: the function runs first and may be rolled back; then lock, count, verdict and COMMIT
   * travel together. As exact; what `grant` says was seen before the lock. Not with `tx` or `when`.
   */
  readonly locking?: "before" | "at-commit" | undefined;
}

/** What `consume` is asked: one claim, or several at once. */
export type ConsumeRequest<Tx, T extends string> = Claiming<Tx> &
  (OneClaim<T> | SeveralClaims<T>) &
  Locking &
  Partial<Idempotent>;

/** What `enforce` is asked. */
export type EnforceRequest<Tx, T extends string> = ConsumeRequest<Tx, T> & {
  /** Asked inside the lock; false means that this write creates nothing: no check, no claim, the function still runs. */
  readonly when?: ((tx: Tx) => boolean | Promise<boolean>) | undefined;
};

/** An `EnforceRequest` that happens once however often it is made. */
export type IdempotentRequest<Tx, T extends string> = EnforceRequest<Tx, T> & Idempotent;

/** What `reserve` is asked. */
export interface ReserveRequest<Tx, T extends string> extends Claiming<Tx> {
  readonly resourceType: T;
  /** Units to hold: a positive safe integer, 1 when left out. */
  readonly amount?: number | undefined;
  /**
   * 1 to 255 characters, unique among the organisation's live reservations: a name to confirm and release it by. On `rows`
   * with a `key` it is the key of the row to come, which then counts once together with the hold.
   */
  readonly key?: string | null | undefined;
  /** Keys of rows that the hold takes the place of, such as the invitation that is being accepted: at most 100. */
  readonly covers?: readonly string[] | undefined;
  /** For how long, in milliseconds, at most 366 days; `reservationTtlMs` when left out. */
  readonly ttlMs?: number | undefined;
}

/** Which reservation `confirm` and `release` are about: by the id that `reserve` answered with, or by its key. */
export type ReservationRequest<Tx> = Claiming<Tx> &
  ({ readonly id: string; readonly key?: never } | { readonly key: string; readonly id?: never });

export interface CheckRequest<Tx, T extends string> extends OrganisationRequest<Tx> {
  readonly resourceType: T;
  /** Units asked about: a positive safe integer, 1 when left out. */
  readonly amount?: number | undefined;
}

export interface ResourceRequest<Tx, T extends string> extends OrganisationRequest<Tx> {
  readonly resourceType: T;
}

export interface ClearLimitRequest<Tx, T extends string> extends ResourceRequest<Tx, T> {
  /** Why, and by whom, for the event and the record: at most 1,000 characters each. */
  readonly reason?: string | null | undefined;
  readonly actor?: string | null | undefined;
}

export interface SetLimitRequest<Tx, T extends string> extends ClearLimitRequest<Tx, T> {
  /** Units, a non-negative safe integer; 0 blocks, null lifts every limit. */
  readonly limit: Limit;
  /** When this limit ends by itself; must lie in the future. null: never. */
  readonly expiresAt?: Date | null | undefined;
}

export interface OverLimitRequest {
  /** Organisations per page, 1 to 1,000; 100 when left out. */
  readonly pageSize?: number | undefined;
  /** The `cursor` of the page before; null or left out: the first page. */
  readonly cursor?: string | null | undefined;
}
