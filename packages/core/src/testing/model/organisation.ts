import { isDeepStrictEqual } from "node:util";
import type { Limit } from "../../status.ts";
import type { Done, ModelType, Outcome, Particulars, Planned } from "./calls.ts";

interface Hold {
  readonly id: unknown;
  readonly type: ModelType;
  readonly amount: number;
  readonly countsAs: number;
  readonly key: string | null;
  readonly covers: readonly string[];
  readonly expiresAt: number;
}

/** All there is to know about an organisation. What has expired stays here and no longer counts. */
interface Organisation {
  limits: { [type: string]: { limit: Limit; expiresAt: number | null; updatedAt: number } };
  /** Kept counts. */
  used: { [type: string]: number };
  /** The host's rows. */
  items: number;
  members: string[];
  invitations: string[];
  holds: Hold[];
  replays: { [key: string]: { fingerprint: string; result: unknown; expiresAt: number } };
}

/** The organisations of a history by id: the model that the storage is compared with. */
export type State = { readonly [org: string]: Organisation };

/** For how long a result is kept, in seconds. */
export const IDEMPOTENCY_TTL = 2;

/** The resource types in the order of their definition. */
const TYPES: readonly ModelType[] = ["quota:item", "quota:credit", "quota:token", "feature:switch", "seat:person"];

const kept = { limits: {}, used: {}, holds: [], replays: {} };
const empty: Organisation = { ...kept, items: 0, members: [], invitations: [] };

/** Every state that the organisations may be in after `done`; none where it cannot come next. */
export function after(state: State, done: Done): readonly State[] {
  const { call, particulars, outcome, times, inner } = done;
  if (call.does === "advance") return [state];
  if (call.does === "joined") {
    // Another transaction was in the way, so the host rolled back.
    if ("conflict" in outcome) return [state];
    const ends = inner.reduce<readonly State[]>((states, one) => states.flatMap((each) => after(each, one)), [state]);
    if (!isDeepStrictEqual(outcome, call.rollsBack ? { rolledBack: null } : { committed: null })) return [];
    return call.rollsBack ? ends.slice(0, 1).map(() => state) : ends;
  }
  const before = state[call.org] ?? empty;
  const states: State[] = [];
  // The clock may have moved meanwhile: each time that it showed is as good as another.
  for (const now of times) {
    const organisation = structuredClone(before);
    const expected = perform(organisation, call, particulars, now, outcome);
    if (!isDeepStrictEqual(expected, outcome)) continue;
    // Nothing is kept of what was refused or failed.
    const undone = !("granted" in expected || "reserved" in expected || "done" in expected);
    const next = { ...state, [call.org]: undone ? before : organisation };
    if (!states.some((other) => isDeepStrictEqual(other, next))) states.push(next);
  }
  return states;
}

type Single = Exclude<Planned, { does: "joined" | "advance" }>;

/** Makes one call as if nobody else were there, and tells what comes of it. */
function perform(org: Organisation, call: Single, about: Particulars, now: number, seen: Outcome): Outcome {
  switch (call.does) {
    case "enforce":
    case "consume":
      return claim(org, call, about, now);
    case "reserve":
      return reserve(org, call, now, seen);
    case "confirm":
    case "release":
      return endHold(org, call, about, now);
    case "setLimit":
      if (about.expiresAt !== null && about.expiresAt <= now) return { invalid: "expiresAt" };
      org.limits[call.type] = { limit: call.limit, expiresAt: about.expiresAt, updatedAt: now };
      return { done: null };
    case "clearLimit":
      delete org.limits[call.type];
      return { done: null };
    case "forget":
      Object.assign(org, structuredClone(kept));
      return { done: null };
    case "check": {
      const { limit, current, reserved } = standing(org, call.type, now);
      return { told: { allowed: fits(call.type, limit, current, call.amount), limit, current, reserved } };
    }
    case "resolve": {
      const stored = liveLimit(org, call.type, now);
      return { told: { limit: stored?.limit ?? null, source: stored === undefined ? "none" : "override" } };
    }
    case "usage": {
      const lines = TYPES.map((type) => ({ type, ...standing(org, type, now) }));
      return { told: lines.filter(({ limit, current }) => limit !== null || current > 0) };
    }
    case "limits": {
      const stored = TYPES.map((type) => ({ type, ...liveLimit(org, type, now) }));
      return { told: stored.filter((one) => "limit" in one) };
    }
    case "rows":
      return { told: { items: org.items, members: org.members.length } };
  }
}

/** `enforce` and `consume`. */
function claim(
  org: Organisation,
  call: Extract<Single, { does: "enforce" | "consume" }>,
  { number }: Particulars,
  now: number,
): Outcome {
  const asked = Object.entries(call.claims).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const fingerprint = JSON.stringify(asked);
  const replay = call.key === null ? undefined : org.replays[call.key];
  if (replay !== undefined && replay.expiresAt > now)
    return replay.fingerprint === fingerprint ? { granted: replay.result } : { mismatch: null };

  const when = call.does === "enforce" ? call.when : null;
  const claims = asked.map(([type, amount]) => {
    const { limit, current } = standing(org, type, now);
    const left = type === "feature:switch" ? limit : Math.max(0, (limit ?? 0) - Math.max(0, current + amount));
    return { resourceType: type, amount, current, limit, remaining: limit === null ? null : left };
  });
  if (when?.inserts) org.items += 1;
  const granted = when === null || when.answers ? claims : [];
  for (const { resourceType, amount, current, limit } of granted) {
    if (amount <= 0 || fits(resourceType, limit, current, amount)) continue;
    return resourceType === "feature:switch" ? { off: null } : refused(resourceType, current, limit, amount);
  }

  for (const { resourceType, amount } of granted) {
    if (isCounter(resourceType)) org.used[resourceType] = Math.max(0, (org.used[resourceType] ?? 0) + amount);
    if (call.does === "enforce" && resourceType === "quota:item") org.items = Math.max(0, org.items + amount);
    if (call.does === "enforce" && resourceType === "seat:person") {
      if (amount > 0) (call.joins ? org.members : org.invitations).push(call.person);
      if (amount < 0) uninvite(org, call.person);
    }
  }
  if (call.does === "enforce" && call.fails) return { thrown: null };
  const result = { by: call.does === "enforce" ? number : null, claims: granted };
  if (call.key !== null) org.replays[call.key] = { fingerprint, result, expiresAt: now + IDEMPOTENCY_TTL };
  return { granted: result };
}

function reserve(
  org: Organisation,
  { type, amount, key, covers: others, ttl }: Extract<Single, { does: "reserve" }>,
  now: number,
  seen: Outcome,
): Outcome {
  const other = liveHolds(org, now).find((hold) => key !== null && hold.key === key);
  if (other !== undefined) return { held: { retryAfterSeconds: other.expiresAt - now } };

  // Only people have keys, so that a hold can take the place of their rows.
  const covers = type !== "seat:person" ? [] : [...new Set([...(key === null ? [] : [key]), ...others])];
  const rows = peopleCounted(org, now);
  const replaced = covers.filter((one) => rows.has(one));
  const taken = replaced.filter((one) => one.startsWith("member:"));
  const neutral = amount <= taken.length || (key !== null && replaced.includes(key) && amount <= replaced.length);
  const { limit, current } = standing(org, type, now);
  // Who takes up an invitation is not hindered by those that others have not taken up.
  const pending = [...rows].filter((one) => one.startsWith("invitation:")).length;
  const takesUp = replaced.length > taken.length && amount <= replaced.length;
  const beside = current - (takesUp ? taken.length + pending : replaced.length);
  if (!neutral && !fits(type, limit, beside, amount)) return refused(type, current, limit, amount);

  // The id is made up by the SDK.
  const id = Object(seen["reserved"])["id"];
  const countsAs = Math.max(amount, replaced.length);
  const standsInFor = covers.filter((one) => one === key || replaced.includes(one));
  org.holds.push({ id, type, amount, countsAs, key, covers: standsInFor, expiresAt: now + ttl });
  return { reserved: { id, type, amount, key, expiresAt: now + ttl } };
}

/** `confirm` and `release`. */
function endHold(
  org: Organisation,
  call: Extract<Single, { does: "confirm" | "release" }>,
  { number, hold: meant, items, joining }: Particulars,
  now: number,
): Outcome {
  const hold = liveHolds(org, now).find(({ id, key }) => ("id" in meant ? id === meant.id : key === meant.key));
  if (call.does === "confirm") {
    if (hold === undefined) return { expired: null };
    if (call.fails) return { thrown: null };
    if (isCounter(hold.type)) org.used[hold.type] = (org.used[hold.type] ?? 0) + hold.amount;
    org.items += items;
    if (joining !== null) {
      uninvite(org, joining);
      org.members.push(joining);
    }
  }
  org.holds = org.holds.filter((one) => one !== hold);
  return { done: call.does === "confirm" ? number : null };
}

function standing(org: Organisation, type: string, now: number): { limit: Limit; current: number; reserved: number } {
  const held = liveHolds(org, now).reduce((sum, hold) => sum + (hold.type === type ? hold.countsAs : 0), 0);
  const people = type === "seat:person" ? [...peopleCounted(org, now)] : [];
  const rows = type === "quota:item" ? org.items : people.length;
  const pending = people.filter((key) => key.startsWith("invitation:")).length;
  return {
    limit: liveLimit(org, type, now)?.limit ?? null,
    current: (org.used[type] ?? 0) + rows + held,
    reserved: pending + held,
  };
}

function fits(type: string, limit: Limit, current: number, amount: number): boolean {
  if (limit === null) return true;
  return type === "feature:switch" ? limit >= 1 : current + amount <= limit;
}

/** The distinct keys of the people that no live hold stands for. */
function peopleCounted(org: Organisation, now: number): ReadonlySet<string> {
  const keys = [...org.members.map((name) => `member:${name}`), ...org.invitations.map((name) => `invitation:${name}`)];
  const holds = liveHolds(org, now).filter(({ type }) => type === "seat:person");
  return new Set(keys.filter((key) => !holds.some(({ covers }) => covers.includes(key))));
}

function liveHolds(org: Organisation, now: number): readonly Hold[] {
  return org.holds.filter(({ expiresAt }) => expiresAt > now);
}

function liveLimit(org: Organisation, type: string, now: number): Organisation["limits"][string] | undefined {
  const stored = org.limits[type];
  return stored === undefined || (stored.expiresAt !== null && stored.expiresAt <= now) ? undefined : stored;
}

function isCounter(type: string): boolean {
  return type === "quota:credit" || type === "quota:token";
}

function uninvite(org: Organisation, name: string): void {
  org.invitations = org.invitations.filter((invited) => invited !== name);
}

function refused(type: string, current: number, limit: Limit, requested: number): Outcome {
  return { refused: { resourceType: type, current, limit, requested } };
}
