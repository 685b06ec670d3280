import { createEntitlements } from "@x/entitlements-core";
import { testAdapter } from "@x/entitlements-core/testing";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { withReplicas } from "drizzle-orm/pg-core";
import type pg from "pg";
import { describe, expect, test } from "vitest";
import { postgresAdapter } from "../adapter.ts";
import { createApp, failureOf, resources } from "../fixtures/app.ts";
import { testBridge } from "../fixtures/bridge-cases.ts";
import { onDrizzlePg } from "../fixtures/drizzle.ts";
import { underTest } from "../fixtures/host.ts";
import { createNetworked } from "../fixtures/network.ts";
import { fromDrizzle } from "./drizzle.ts";

testAdapter(underTest(onDrizzlePg));
testBridge(onDrizzlePg);

// Fails where calls are told apart by their `tx`, of which Drizzle makes another one for each savepoint: the function ran ten
// times, then it was a TransactionConflictError.
test("an idempotency key used again in a savepoint inside its own function is refused, and the function runs once", async () => {
  const { open } = await createApp();
  const entitlements = createEntitlements({ adapter: postgresAdapter(fromDrizzle(drizzle(open()))), resources });
  const key = { orgId: "acme", idempotencyKey: "k" } as const;
  let runs = 0;
  const again = entitlements.enforce({ ...key, resourceType: "quota:project" }, (tx) => {
    runs += 1;
    return tx.transaction((inner) =>
      entitlements.enforce({ ...key, resourceType: "quota:credit", tx: inner }, () => 1),
    );
  });
  expect(await failureOf(again)).toMatchObject({ name: "InvalidRequestError", field: "idempotencyKey" });
  expect(runs).toBe(1);
});

type Db = NodePgDatabase & { $client: pg.Pool };

const project = { orgId: "acme", resourceType: "quota:project" } as const;
const INSERT = "insert into project (org_id) values ('acme')";

/** Wraps a method as tracing does: what is behind it is called on the object itself. */
function wrap(db: Db, name: string, object: object = db): Db {
  Reflect.set(object, name, Reflect.get(object, name).bind(object));
  return db;
}

const sessionOf = (db: Db): object => Reflect.get(db, "session");

// With one connection in the pool: a second one, or one that is not given back, is a time-out.
describe("an instance that the host has wrapped keeps the function in the transaction that has the lock", () => {
  // Fails where the transaction's session inherits from the instance's: BEGIN and the insert went to the pool.
  // Where the client is asked for before Drizzle asks for it the other two wait for a second one.
  test.each<[what: string, wrapped: (db: Db) => Db]>([
    ["its session's `prepareQuery`", (db) => wrap(db, "prepareQuery", sessionOf(db))],
    ["its session's `transaction`", (db) => wrap(db, "transaction", sessionOf(db))],
    ["its `transaction`", (db) => wrap(db, "transaction")],
    ["by withReplicas", (db) => Object.assign(withReplicas(db, [db]), { $client: db.$client })],
  ])("%s", async (_what, wrapped) => {
    const { open, host } = await createApp();
    const db = wrapped(drizzle(open({ max: 1 })));
    const entitlements = createEntitlements({ adapter: postgresAdapter(fromDrizzle(db)), resources });
    const undone = new Error("mine");
    const failed = entitlements.enforce(project, async (tx) => {
      await tx.execute(INSERT);
      throw undone;
    });
    expect(await failureOf(failed)).toBe(undone);
    await entitlements.enforce(project, (tx) => tx.execute(INSERT));
    expect((await db.execute("select 1 from project")).rows).toHaveLength(1);
    expect((await host.query("select 1 from project")).rows).toHaveLength(1);
  });

  // Fails where the session's `transaction` is called: what the host does there first was left out.
  test("and its `transaction` does first what it does", async () => {
    const { open } = await createApp();
    const db = drizzle(open({ max: 1 }));
    const { transaction } = db;
    db.transaction = (work, config) =>
      transaction.call(
        db,
        async (tx) => {
          await tx.execute("set local app.tenant = 'acme'");
          return work(tx);
        },
        config,
      ) as never;
    const entitlements = createEntitlements({ adapter: postgresAdapter(fromDrizzle(db)), resources });
    const tenant = "select current_setting('app.tenant', true) as tenant";
    const { rows } = await entitlements.enforce(project, (tx) => tx.execute(tenant));
    expect(rows).toEqual([{ tenant: "acme" }]);
  });
});

// Fails where the transaction keeps its client: the next caller's transaction, on the same one, had the row.
test("a `tx` that was kept writes nothing once its function has returned", async () => {
  const { open, host } = await createApp();
  const db = drizzle(open({ max: 1 }));
  const entitlements = createEntitlements({ adapter: postgresAdapter(fromDrizzle(db)), resources });
  const kept = await entitlements.enforce(project, (tx) => tx);
  await entitlements.enforce(project, async () => {
    for (const write of [() => kept.execute(INSERT), () => kept.transaction((inner) => inner.execute(INSERT))])
      expect(String(Object(await failureOf(write())).cause)).toMatch(/transaction is over/);
  });
  expect((await host.query("select 1 from project")).rows).toEqual([]);
});

// Fails where it is over only when COMMIT is answered: what was sent meanwhile committed by itself, whatever the limit.
test("what a function goes on to write behind its COMMIT is refused", async () => {
  const { open, host } = await createApp();
  const entitlements = createEntitlements({ adapter: postgresAdapter(fromDrizzle(drizzle(open()))), resources });
  const left = await entitlements.enforce(project, (tx) => ({
    failure: failureOf(tx.execute(INSERT).then(() => tx.execute(INSERT))),
  }));
  expect(String(Object(await left.failure).cause)).toMatch(/transaction is over/);
  expect((await host.query("select 1 from project")).rows).toHaveLength(1);
});

describe("a BEGIN that does not arrive leaves the pool its places", () => {
  const isBegin = (direction: string, bytes: Buffer): boolean => direction === "up" && bytes.includes("begin");

  // Fails where nobody destroys the client of a BEGIN that is never answered.
  test("where the network says nothing any more", async () => {
    const { openAfar, proxy } = await createNetworked();
    const pool = openAfar({ max: 2 });
    const adapter = postgresAdapter(fromDrizzle(drizzle(pool)));
    const entitlements = createEntitlements({ adapter, resources, lockTimeoutMs: 500 });
    await entitlements.enforce(project, () => {});
    proxy.onData((direction, bytes) => (isBegin(direction, bytes) ? "drop" : "pass"));
    for (let time = 0; time < 3; time++)
      expect(await failureOf(entitlements.enforce(project, () => {}))).toMatchObject({ name: "LockTimeoutError" });
    await expect.poll(() => pool.totalCount).toBe(0);
    proxy.onData();
    await entitlements.enforce(project, () => {});
  });

  // Fails where the client of the attempt before is forgotten.
  test("where it is lost and the host's own `transaction` begins again", async () => {
    const { openAfar, proxy } = await createNetworked();
    const pool = openAfar({ max: 1 });
    const db = drizzle(pool);
    const { transaction } = db;
    db.transaction = function again(work, config) {
      const begin = () => transaction.call(this, work, config) as never;
      return Promise.resolve(begin()).catch(begin);
    };
    const entitlements = createEntitlements({ adapter: postgresAdapter(fromDrizzle(db)), resources });
    let begins = 0;
    proxy.onData((direction, bytes) => (isBegin(direction, bytes) && begins++ === 0 ? "cut" : "pass"));
    await entitlements.enforce(project, () => {});
    expect([begins, pool.totalCount, pool.idleCount]).toEqual([2, 1, 1]);
  });

  // Fails where `transaction` of what withReplicas returns is called: Drizzle then takes the client by itself.
  test("where it is lost, also by withReplicas", async () => {
    const { openAfar, proxy } = await createNetworked();
    const pool = openAfar({ max: 1 });
    const db = drizzle(pool);
    const replicated = Object.assign(withReplicas(db, [db]), { $client: pool });
    const entitlements = createEntitlements({ adapter: postgresAdapter(fromDrizzle(replicated)), resources });
    proxy.onData((direction, bytes) => (isBegin(direction, bytes) ? "cut" : "pass"));
    expect(await failureOf(entitlements.enforce(project, () => {}))).toMatchObject({ name: "StorageError" });
    proxy.onData();
    await entitlements.enforce(project, () => {});
  });
});
