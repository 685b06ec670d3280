import { counter, createEntitlements, type Entitlements, rows } from "@x/entitlements-core";
import { isLimitReachedError, isReservationConflictError, isStorageError } from "@x/entitlements-core/errors";
import { type Server, startPostgres, startReplica } from "@x/entitlements-test-servers";
import type pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { postgresAdapter } from "./adapter.ts";
import { fromPg } from "./bridges/pg.ts";
import { onPg } from "./fixtures/pg.ts";

const orgId = "acme";
const item = { orgId, resourceType: "quota:item" } as const;
const credit = { orgId, resourceType: "quota:credit" } as const;
const servers: Server[] = [];
const pools: pg.Pool[] = [];
let primary: pg.Pool;
let standby: pg.Pool;
let entitlements: Entitlements<pg.PoolClient, "quota:credit" | "quota:item">;

beforeAll(async () => {
  const server = await startPostgres();
  servers.push(server);
  const replica = await startReplica(server);
  servers.unshift(replica);
  [primary, standby] = [onPg.open(server.url()), onPg.open(replica.url())];
  pools.push(primary, standby);
  await primary.query("create table item (id bigint generated always as identity, org_id text not null)");
  entitlements = createEntitlements({
    adapter: postgresAdapter(fromPg<pg.PoolClient>(primary), { reader: fromPg<pg.PoolClient>(standby) }),
    resources: {
      "quota:item": rows({ label: "Items", table: "item", orgColumn: "org_id" }),
      "quota:credit": counter({ label: "Credits" }),
    },
  });
  await entitlements.migrate();
  await entitlements.setLimit({ ...item, limit: 2 });
  await entitlements.setLimit({ ...credit, limit: 5 });
});
afterAll(async () => {
  for (const pool of pools) await pool.end();
  for (const server of servers) await server.remove();
});

const current = async (): Promise<number> => (await entitlements.check(item)).current;
const make = (): Promise<unknown> =>
  entitlements.enforce(item, (tx) => tx.query("insert into item (org_id) values ($1)", [orgId]));
const caughtUp = { timeout: 10_000, interval: 20 };

/** The standby goes on answering, with what it had. */
async function pause(): Promise<void> {
  await standby.query("select pg_wal_replay_pause()");
  const state = async () => (await standby.query("select pg_get_wal_replay_pause_state() as state")).rows[0].state;
  await expect.poll(state, caughtUp).toBe("paused");
}

it("check and usage read from the standby, which may be behind; enforcement, holds and limits never do", async () => {
  await expect.poll(async () => (await entitlements.check(item)).limit, caughtUp).toBe(2);
  await expect.poll(async () => (await entitlements.check(credit)).limit, caughtUp).toBe(5);
  await pause();
  await make();
  await make();
  expect(await current()).toBe(0);
  expect((await entitlements.usage({ orgId })).map((line) => line.current)).toEqual([0, 0]);
  // The standby would let it through.
  await expect(make()).rejects.toSatisfy(isLimitReachedError);
  const held = await entitlements.reserve({ ...credit, amount: 5, key: "k" });
  await expect(entitlements.reserve({ ...credit, key: "k" })).rejects.toSatisfy(isReservationConflictError);
  await expect(entitlements.consume(credit)).rejects.toSatisfy(isLimitReachedError);
  await entitlements.confirm({ orgId, id: held.id });
  await entitlements.setLimit({ ...item, limit: 3 });
  expect((await entitlements.resolveEntitlement(item)).limit).toBe(3);
  expect((await entitlements.limits({ orgId })).map(({ limit }) => limit)).toContain(3);
  // In a transaction of the caller's there is one connection, which sees what was written.
  await onPg.transaction(primary, async (tx) => {
    expect((await entitlements.check({ ...item, tx })).current).toBe(2);
  });
  await entitlements.enforce(item, async (tx) => {
    expect((await entitlements.check({ ...item, tx })).limit).toBe(3);
  });
  await standby.query("select pg_wal_replay_resume()");
  await expect.poll(current, caughtUp).toBe(2);
});

it("a standby that is dead fails check and usage as a storage error, and enforcement not at all", async () => {
  await entitlements.setLimit({ ...item, limit: 9 });
  await servers[0]?.stop("immediate");
  await expect(current()).rejects.toSatisfy(isStorageError);
  await expect(entitlements.usage({ orgId })).rejects.toSatisfy(isStorageError);
  await make();
  expect((await entitlements.resolveEntitlement(item)).limit).toBe(9);
  await servers[0]?.start();
  await expect.poll(() => current().catch(() => -1), caughtUp).toBe(3);
});
