import type { Hold, Locked, Target } from "./adapter.ts";
import { refusal } from "./decision.ts";
import {
  InvalidRequestError,
  isPaymentRequiredError,
  isReservationExpiredError,
  ReservationConflictError,
  ReservationExpiredError,
} from "./errors.ts";
import { deniedEvent } from "./events.ts";
import { type Instance, targetOf } from "./instance.ts";
import { standing } from "./standing.ts";
import { type Outcome, runLocked, runRead } from "./transaction.ts";

/** Units held for a write that comes later. They count until the reservation is confirmed, released or has expired. */
export interface Reservation<T extends string = string> {
  readonly id: string;
  readonly orgId: string;
  readonly resourceType: T;
  readonly amount: number;
  readonly key: string | null;
  /** When the units come back by themselves, ISO-8601 UTC. */
  readonly expiresAt: string;
}

/** A validated request to hold units. */
export interface Holding<Tx> {
  readonly orgId: string;
  readonly target: Target<Tx>;
  readonly amount: number;
  readonly key: string | null;
  readonly covers: readonly string[];
  readonly ttlMs: number;
  readonly tx: Tx | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Which hold is meant. */
type HoldName = { readonly id: string } | { readonly key: string };

/** A validated request about a hold. */
export interface HoldCall<Tx> {
  readonly orgId: string;
  readonly name: HoldName;
  readonly tx: Tx | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Holds units in one short transaction, without a write of the host's. */
export async function reserveUnits<Tx>(instance: Instance<Tx>, holding: Holding<Tx>): Promise<Reservation> {
  const { orgId, target, tx, signal, ttlMs, amount, key, covers } = holding;
  const { resourceType } = target;
  const call = { orgId, targets: [target], purpose: "record", tx, signal } as const;
  let denied: unknown;
  try {
    return await runLocked(instance, call, async (locked) => {
      const counted = covers.length === 0 ? new Map() : await locked.countedKeys(resourceType, covers);
      const error = (await conflict(locked, holding)) ?? (await doesNotFit(locked, holding, counted));
      denied = error;
      if (error !== null) return { commit: false, error };
      const expiresAt = new Date(locked.now.getTime() + ttlMs).toISOString();
      const id = `${resourceType}/${globalThis.crypto.randomUUID()}`;
      await locked.hold({
        ...{ id, resourceType, amount, key, expiresAt },
        // Never less than the rows that it hides: they come back when it ends, and nobody else may have taken their units.
        countsAs: Math.max(amount, counted.size),
        // Rows that come later count beside it, but for the one that it was made for.
        covers: covers.filter((one) => one === key || counted.has(one)),
      });
      return { commit: true, value: { id, orgId, resourceType, amount, key, expiresAt } };
    });
  } catch (error) {
    // Told out here, where the lock has been let go of. In somebody else's error it is no refusal of this call.
    if (error === denied && isPaymentRequiredError(error)) instance.emit(deniedEvent(error, amount));
    throw error;
  }
}

async function conflict<Tx>(locked: Locked<Tx>, { orgId, key }: Holding<Tx>): Promise<ReservationConflictError | null> {
  const other = key === null ? null : await locked.findHold({ key });
  if (key === null || other === null) return null;
  const seconds = Math.ceil((Date.parse(other.expiresAt) - locked.now.getTime()) / 1_000);
  return new ReservationConflictError({ orgId, key, retryAfterSeconds: Math.max(1, seconds) });
}

/**
 * A hold takes the place of the rows that it covers. It is neutral where its own key counts already or where it is no more
 * than what it covers has taken. Taking up rows that are only pending needs room beside what is taken; others that are only
 * pending are no hindrance, else nobody could join once the limit was lowered below all that was promised.
 */
async function doesNotFit<Tx>(
  locked: Locked<Tx>,
  { orgId, target, amount, key }: Holding<Tx>,
  counted: ReadonlyMap<string, { pending: boolean }>,
) {
  const { resourceType, resource } = target;
  const { kind, label } = resource;
  const { limit, current, pending } = await standing(locked, orgId, target);
  const replaced = counted.size;
  const taken = [...counted.values()].filter(({ pending }) => !pending).length;
  if (amount <= taken || (key !== null && counted.has(key) && amount <= replaced)) return null;
  if (amount > Number.MAX_SAFE_INTEGER - current) {
    return new InvalidRequestError(
      "amount",
      `${resourceType} would count beyond 2^53 - 1, the largest whole number kept exactly.`,
    );
  }
  const takesUp = replaced > taken && amount <= replaced;
  return refusal(orgId, {
    ...{ resourceType, kind, label, limit, current, amount },
    replaced: takesUp ? taken + pending : replaced,
  });
}

/**
 * Runs `write` under the lock and ends the hold in the same transaction, so that the units are never free in between. A
 * `counter` takes them over. Throws a `ReservationExpiredError` where the hold is gone.
 */
export async function confirmHold<Tx, R>(
  instance: Instance<Tx>,
  call: HoldCall<Tx>,
  write: ((tx: Tx) => R) | undefined,
): Promise<Awaited<R> | undefined> {
  return withHold(instance, call, async (locked, target, hold) => {
    const value = await write?.(locked.tx);
    // The function may have confirmed or released it itself, by its `tx`: then it is not there to be confirmed again.
    if ((await locked.findHold({ id: hold.id })) === null)
      throw new ReservationExpiredError({ orgId: call.orgId, reservation: hold.id });
    await locked.endHold(hold.id);
    if (target.resource.kind === "counter") await locked.add(hold.resourceType, hold.amount);
    return { commit: true, value };
  });
}

/** Gives the units back. Does nothing where the hold is gone. */
export async function releaseHold<Tx>(instance: Instance<Tx>, call: HoldCall<Tx>): Promise<void> {
  try {
    await withHold(instance, call, async (locked, _target, hold) => {
      await locked.endHold(hold.id);
      return { commit: true, value: undefined };
    });
  } catch (error) {
    if (!isReservationExpiredError(error)) throw error;
  }
}

/** Locks the resource type of a hold; it is judged live or not under that lock, so that nobody is given its units meanwhile. */
async function withHold<Tx, T>(
  instance: Instance<Tx>,
  call: HoldCall<Tx>,
  work: (locked: Locked<Tx>, target: Target<Tx>, hold: Hold) => Promise<Outcome<T>>,
  known?: string,
): Promise<T> {
  const { orgId, name, tx, signal } = call;
  const expired = new ReservationExpiredError({ orgId, reservation: "id" in name ? name.id : name.key });
  const resourceType =
    known ?? ("id" in name ? name.id.slice(0, name.id.indexOf("/")) : await typeOfKey(instance, orgId, name, tx));
  if (resourceType === null) throw expired;
  const target = targetOf(instance, resourceType);
  let found: string = resourceType;
  try {
    return await runLocked(instance, { orgId, targets: [target], purpose: "change", tx, signal }, async (locked) => {
      const hold = await locked.findHold(name);
      found = hold?.resourceType ?? resourceType;
      return hold === null || found !== resourceType ? { commit: false, error: expired } : work(locked, target, hold);
    });
  } catch (error) {
    if (found === resourceType || error !== expired) throw error;
    // Since it was looked up it has been ended and made anew for another resource type, whose lock is not held; in one
    // transaction, maybe, so that the key was never free and may not be called expired.
    return withHold(instance, call, work, found);
  }
}

async function typeOfKey<Tx>(
  instance: Instance<Tx>,
  orgId: string,
  name: HoldName,
  tx: Tx | undefined,
): Promise<string | null> {
  return runRead(instance, { orgId, targets: [], purpose: "limits", tx }, async (snapshot) => {
    return (await snapshot.findHold(name))?.resourceType ?? null;
  });
}
