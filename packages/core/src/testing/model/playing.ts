import { setImmediate as turn } from "node:timers/promises";
import type { Grant, GrantedClaim } from "../../enforcement.ts";
import type { Entitlements } from "../../entitlements.ts";
import * as is from "../../errors.ts";
import type { ResourceType } from "../../resource-type.ts";
import type { Done, Naming, Outcome, Particulars, Planned } from "./calls.ts";
import { type History, LONGEST_TTL } from "./histories.ts";
import { type ModelWorld, moment, seconds } from "./world.ts";

/** What functions of the host's throw in a history. */
const undone = new Error("undone by the history");

type Single = Exclude<Planned, { does: "joined" | "advance" }>;

/** Where a call is made: by which instance, and in which transaction. */
interface Where<Tx> {
  readonly sdk: Entitlements<Tx, ResourceType>;
  readonly tx: Tx | undefined;
}

/** Plays a history on a storage and writes down what became of every call, lane by lane. `name` is used for nothing else. */
export async function play<Tx>(world: ModelWorld<Tx>, history: History, name: string): Promise<readonly Done[][]> {
  const { host, people, instances, shown } = world;
  const reservations: { org: string; id: string; items: number; joining: string | null }[] = [];
  let events = 0;
  let calls = 0;
  shown.splice(0, shown.length, 0);
  const idOf = (org: string): string => `${name} ${org}`;

  /** Lets others come in between. */
  async function pause(times: number): Promise<void> {
    for (let time = 0; time < times; time++) await turn();
  }

  function particularsOf(call: Planned): Particulars {
    const now = shown.at(-1) ?? 0;
    const expiresAt = call.does === "setLimit" && call.ttl !== null ? now + call.ttl : null;
    const about = call.does === "confirm" || call.does === "release" ? named(call) : unnamed;
    return { number: ++calls, expiresAt, ...about };
  }

  const unnamed = { hold: { key: "none" }, items: 0, joining: null };
  function named({ which, org }: { which: Naming; org: string }): Pick<Particulars, "hold" | "items" | "joining"> {
    if ("key" in which) return { hold: which, items: 0, joining: nameIn(which.key) };
    const made = reservations.filter((one) => one.org === org);
    const known = made[which.nth % Math.max(1, made.length)];
    return known === undefined ? unnamed : { hold: { id: known.id }, items: known.items, joining: known.joining };
  }

  /** The host's writes for a grant. */
  async function write(
    tx: Tx,
    { claims }: Grant,
    orgId: string,
    call: Extract<Single, { does: "enforce" }>,
  ): Promise<void> {
    for (const { resourceType, amount } of claims) {
      for (let unit = 0; unit < Math.abs(amount); unit++) {
        if (resourceType === "quota:item") await (amount > 0 ? host.insert : host.remove)(tx, orgId);
      }
      if (resourceType !== "seat:person" || amount === 0) continue;
      if (amount < 0) await people?.uninvite(tx, orgId, call.person);
      else await (call.joins ? people?.join : people?.invite)?.(tx, orgId, call.person);
    }
  }

  async function enforce(call: Extract<Single, { does: "enforce" }>, number: number, { sdk, tx }: Where<Tx>) {
    const orgId = idOf(call.org);
    const { when } = call;
    const request = {
      orgId,
      tx,
      claims: call.claims,
      ...(when && {
        when: async (inner: Tx) => {
          if (when.inserts) await host.insert(inner, orgId);
          return when.answers;
        },
      }),
    };
    const work = async (inner: Tx, grant: Grant) => {
      await pause(number % 3);
      await write(inner, grant, orgId, call);
      await pause(number % 2);
      if (call.fails) throw undone;
      return { by: number, claims: grant.claims };
    };
    return call.key === null ? sdk.enforce(request, work) : sdk.enforce({ ...request, idempotencyKey: call.key }, work);
  }

  async function single(call: Single, about: Particulars, where: Where<Tx>): Promise<Outcome> {
    const { sdk, tx } = where;
    const orgId = idOf(call.org);
    switch (call.does) {
      case "enforce":
      case "consume": {
        const idempotencyKey = call.key ?? undefined;
        const result: { by?: number; claims: Grant["claims"] } =
          call.does === "enforce"
            ? await enforce(call, about.number, where)
            : await sdk.consume({ orgId, tx, claims: call.claims, ...(idempotencyKey && { idempotencyKey }) });
        // Whatever the model expects: it never expects this.
        if (result.claims.some(isBeyond)) return { beyondLimit: result.claims };
        return { granted: { by: result.by ?? null, claims: result.claims } };
      }
      case "reserve": {
        const { type, amount, key, covers, ttl } = call;
        const made = await sdk.reserve({ orgId, tx, resourceType: type, amount, key, covers, ttlMs: ttl * 1_000 });
        const items = type === "quota:item" ? amount : 0;
        reservations.push({ org: call.org, id: made.id, items, joining: nameIn(key) });
        return {
          reserved: { id: made.id, type, amount: made.amount, key: made.key, expiresAt: seconds(made.expiresAt) },
        };
      }
      case "confirm": {
        const done = await sdk.confirm({ orgId, tx, ...about.hold }, async (inner) => {
          await pause(about.number % 3);
          for (let unit = 0; unit < about.items; unit++) await host.insert(inner, orgId);
          if (about.joining !== null) {
            await people?.uninvite(inner, orgId, about.joining);
            await people?.join(inner, orgId, about.joining);
          }
          await pause(about.number % 2);
          if (call.fails) throw undone;
          return about.number;
        });
        return { done };
      }
      case "release":
        await sdk.release({ orgId, tx, ...about.hold });
        return { done: null };
      case "setLimit": {
        const expiresAt = about.expiresAt === null ? null : moment(about.expiresAt);
        await sdk.setLimit({ orgId, tx, resourceType: call.type, limit: call.limit, expiresAt });
        return { done: null };
      }
      case "clearLimit":
        await sdk.clearLimit({ orgId, tx, resourceType: call.type });
        return { done: null };
      case "forget":
        await sdk.forget({ orgId, tx });
        return { done: null };
      case "check": {
        const asked = { orgId, tx, resourceType: call.type, amount: call.amount };
        const { allowed, limit, current, reserved } = await sdk.check(asked);
        return { told: { allowed, limit, current, reserved } };
      }
      case "resolve":
        return { told: await sdk.resolveEntitlement({ orgId, tx, resourceType: call.type }) };
      case "usage": {
        const lines = (await sdk.usage({ orgId, tx })).filter(({ limit, current }) => limit !== null || current > 0);
        return {
          told: lines.map(({ resourceType: type, limit, current, reserved }) => ({ type, limit, current, reserved })),
        };
      }
      case "limits":
        return {
          told: (await sdk.limits({ orgId, tx })).map(({ resourceType: type, limit, expiresAt, updatedAt }) => ({
            ...{ type, limit, expiresAt: expiresAt && seconds(expiresAt), updatedAt: seconds(updatedAt) },
          })),
        };
      case "rows":
        return { told: { items: await host.count(orgId), members: (await people?.members(orgId)) ?? 0 } };
    }
  }

  async function joined(call: Extract<Planned, { does: "joined" }>, where: Where<Tx>, inner: Done[]): Promise<Outcome> {
    const work = async (tx: Tx): Promise<void> => {
      inner.length = 0;
      for (const each of call.calls) inner.push(await make(each, { sdk: where.sdk, tx }));
      if (call.rollsBack) throw undone;
    };
    try {
      // A claim of nothing: it opens a transaction of the SDK's.
      const request = { orgId: idOf(call.org), claims: { "quota:token": 0 } };
      await (call.within === "host" ? host.transaction(work) : where.sdk.enforce(request, work));
      return { committed: null };
    } catch (error) {
      return error === undone ? { rolledBack: null } : failure(error);
    }
  }

  async function make(call: Planned, where: Where<Tx>): Promise<Done> {
    const particulars = particularsOf(call);
    const inner: Done[] = [];
    const from = ++events;
    const first = shown.length - 1;
    const outcome = async (): Promise<Outcome> => {
      if (call.does === "joined") return joined(call, where, inner);
      if (call.does !== "advance")
        return single(call, particulars, where).catch((error: unknown) => {
          // Nothing that follows in this transaction could succeed.
          if (where.tx !== undefined && is.isTransactionConflictError(error)) throw error;
          return failure(error);
        });
      shown.push((shown.at(-1) ?? 0) + call.seconds);
      return { done: null };
    };
    const told = await outcome();
    return { call, particulars, outcome: told, from, to: ++events, times: shown.slice(first), inner };
  }

  async function lane(planned: readonly Planned[], sdk: Entitlements<Tx, ResourceType>): Promise<Done[]> {
    const done: Done[] = [];
    for (const call of planned) done.push(await make(call, { sdk, tx: undefined }));
    return done;
  }

  const first = await lane(history.first, instances[0]);
  const lanes = await Promise.all(
    history.lanes.map((calls, index) => lane(calls, index % 2 === 0 ? instances[0] : instances[1])),
  );
  // Everything there is: now, when all holds have expired, and when the organisations are forgotten.
  const orgs = organisationsIn(history);
  const ask = (...does: readonly ("usage" | "limits" | "rows" | "forget")[]): readonly Planned[] =>
    orgs.flatMap((org) => does.map((each) => ({ does: each, org })));
  const last: readonly Planned[] = [
    ...ask("usage", "limits", "rows"),
    { does: "advance", seconds: LONGEST_TTL },
    ...ask("usage", "limits", "forget", "usage", "limits"),
  ];
  return [first, ...lanes, await lane(last, instances[1])];
}

function organisationsIn({ first, lanes }: History): readonly string[] {
  const calls = [...first, ...lanes.flat()].flatMap((call) => (call.does === "joined" ? [call, ...call.calls] : call));
  return [...new Set(calls.flatMap((call) => ("org" in call ? call.org : [])))];
}

/** Whom a reservation makes a member. */
function nameIn(key: string | null): string | null {
  return key?.startsWith("member:") ? key.slice("member:".length) : null;
}

function isBeyond({ resourceType, amount, current, limit }: GrantedClaim): boolean {
  return amount > 0 && limit !== null && !resourceType.startsWith("feature:") && current + amount > limit;
}

function failure(error: unknown): Outcome {
  if (error === undone) return { thrown: null };
  if (is.isLimitReachedError(error)) {
    const { resourceType, current, limit, requested } = error;
    return { refused: { resourceType, current, limit, requested } };
  }
  if (is.isFeatureDisabledError(error)) return { off: null };
  if (is.isReservationConflictError(error)) return { held: { retryAfterSeconds: error.retryAfterSeconds } };
  if (is.isReservationExpiredError(error)) return { expired: null };
  if (is.isIdempotencyMismatchError(error)) return { mismatch: null };
  if (is.isTransactionConflictError(error)) return { conflict: null };
  if (is.isInvalidRequestError(error)) return { invalid: error.field };
  return { failed: String(error) };
}
