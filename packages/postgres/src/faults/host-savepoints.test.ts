import { createEntitlements, rows } from "@x/entitlements-core";
import { isLimitReachedError } from "@x/entitlements-core/errors";
import pg from "pg";
import { expect, it } from "vitest";
import { postgresAdapter } from "../adapter.ts";
import { fromPg } from "../bridges/pg.ts";
import { createApp, failureOf, insertProject, numberOf } from "../fixtures/app.ts";

const credit = { orgId: "acme", resourceType: "quota:credit" } as const;
const used = "select coalesce(sum(used), 0)::int from org_entitlement where resource_type = 'quota:credit'";

// Fails when a counter's claim is put off until the next statement of the SDK: the host's savepoint would undo it.
it("a function that rolls back to a savepoint of its own keeps the claim that it was granted", async () => {
  const { entitlements, host } = await createApp();
  await entitlements.setLimit({ ...credit, limit: 2 });
  const call = () =>
    entitlements.enforce(credit, async (tx) => {
      await insertProject(tx);
      await tx.query("savepoint mine");
      await entitlements.check({ ...credit, tx });
      await tx.query("rollback to savepoint mine");
    });
  await call();
  await call();
  expect(await failureOf(call())).toSatisfy(isLimitReachedError);
  expect([await numberOf(host, used), await numberOf(host, "select count(*) from project")]).toEqual([2, 2]);
});

// Fails when a failure on somebody else's connection is taken for one of this transaction's, which is then not undone.
it("a function that fails because another database is down is undone, and leaves nothing for the next transaction", async () => {
  const { connect, open, host } = await createApp();
  const down = connect(open({ port: 1 }));
  const pool = open({ max: 1 });
  const caller = connect(pool);
  const tx = await pool.connect();
  await tx.query("begin");
  await failureOf(caller.enforce({ ...credit, tx }, () => down.consume(credit)));
  await tx.query("commit");
  tx.release();
  await caller.consume({ ...credit, orgId: "stranger" });
  expect(await numberOf(host, `${used} and org_id = 'acme'`)).toBe(0);
});

// Fails when a savepoint is undone that was not made, or twice: PostgreSQL then refuses everything in the transaction.
it("an id that the tables write in another way is refused, and the caller's transaction stays usable", async () => {
  const { host, open, begin } = await createApp();
  await host.query("create table room (org_id uuid not null)");
  const pool = open();
  const entitlements = createEntitlements({
    adapter: postgresAdapter(fromPg(pool)),
    resources: { "quota:room": rows({ label: "Rooms", table: "room", orgColumn: "org_id" }) },
  });
  const orgId = "0b5c2d0e-7c8e-4d5f-9b1a-2f3e4d5c6b7a";
  const resourceType = "quota:room" as const;
  await entitlements.check({ orgId, resourceType });
  const client = await begin();
  await failureOf(entitlements.consume({ orgId: orgId.toUpperCase(), resourceType, tx: client }));
  expect((await client.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
});

it.each([
  ["texts", (value: string) => value],
  ["digits", (value: string) => (value === "t" ? "1" : "0")],
])("a driver that makes %s of booleans limits nothing less", async (_what, parse) => {
  const { connect, open, entitlements } = await createApp();
  await entitlements.setLimit({ ...credit, limit: 0 });
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.BOOL, parse);
  expect(await failureOf(connect(open({ types })).consume(credit))).toSatisfy(isLimitReachedError);
});
