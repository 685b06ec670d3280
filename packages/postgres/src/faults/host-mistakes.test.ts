import { describe, expect, it } from "vitest";
import { both, claimBoth, createApp, expectExact, failureOf, insertProject, numberOf } from "../fixtures/app.ts";

const CONFIGURATION = { name: "ConfigurationError", code: "ENTITLEMENT_CONFIGURATION", status: 500 };

describe("a function that goes on after one of its statements has failed", () => {
  // COMMIT "succeeds" as a ROLLBACK there. Fails where neither its answer is looked at nor anything sent in front of it.
  it("has written nothing, and is told", async () => {
    const app = await createApp();
    for (const query of ["select 1/0", "select * from no_such_table"]) {
      const swallowed = app.entitlements.enforce(both, async (tx) => {
        await insertProject(tx);
        await tx.query(query).catch(() => {});
      });
      await expect(swallowed).rejects.toMatchObject(CONFIGURATION);
      await expect(swallowed).rejects.toThrow(/went on.*nothing was written/);
    }
    await expectExact(app, 0);
  });

  it("without a counter, too, where no statement of ours is sent before COMMIT", async () => {
    const app = await createApp();
    const swallowed = app.entitlements.enforce({ orgId: "acme", resourceType: "quota:project" }, async (tx) => {
      await insertProject(tx);
      await tx.query("select 1/0").catch(() => {});
    });
    await expect(swallowed).rejects.toMatchObject(CONFIGURATION);
    await expectExact(app, 0);
  });

  it("in the caller's own transaction is undone to before the call; the transaction goes on", async () => {
    const app = await createApp();
    const tx = await app.begin();
    const swallowed = app.entitlements.enforce({ ...both, tx }, async () => {
      await insertProject(tx);
      await tx.query("select 1/0").catch(() => {});
    });
    await expect(swallowed).rejects.toMatchObject(CONFIGURATION);
    await app.entitlements.enforce({ ...both, tx }, () => insertProject(tx));
    await tx.query("commit");
    await expectExact(app, 1);
  });
});

// Fails where the client keeps its own `release`: the next call gets it out of the pool with the transaction open, and commits it.
it("a function that gives its connection back is told, and has written nothing", async () => {
  const app = await createApp();
  const pool = app.open({ max: 1 });
  const entitlements = app.connect(pool);
  const released = entitlements.enforce(both, async (tx) => {
    try {
      await insertProject(tx);
    } finally {
      tx.release();
    }
  });
  await expect(released).rejects.toMatchObject(CONFIGURATION);
  await expect(released).rejects.toThrow(/called `release`.*Leave that out/);
  await claimBoth(entitlements);
  const client = await pool.connect();
  client.release();
  expect([pool.totalCount, pool.idleCount]).toEqual([1, 1]);
  await expectExact(app, 1);
});

describe("a constraint of the host's that is checked at COMMIT", () => {
  // Fails where commitFailure makes a StorageError of what the host's own constraint says.
  it("fails with the driver's own error, and nothing is written", async () => {
    const app = await createApp();
    await app.host.query(
      `create table owner (org_id text primary key);
       alter table project add constraint project_owner foreign key (org_id) references owner deferrable initially deferred`,
    );
    const failed = await failureOf(app.entitlements.enforce(both, (tx) => insertProject(tx)));
    expect(failed).toMatchObject({ code: "23503", constraint: "project_owner", severity: "ERROR" });
    await app.host.query("insert into owner values ('acme')");
    await expectExact(app, 0);
  });

  it("a trigger that raises at COMMIT does, too", async () => {
    const app = await createApp();
    await app.host.query(`create function refuse() returns trigger language plpgsql as
        $$ begin raise exception 'projects are closed today'; end $$;
      create constraint trigger closed after insert on project deferrable initially deferred
        for each row execute function refuse()`);
    const failed = await failureOf(app.entitlements.enforce(both, (tx) => insertProject(tx)));
    expect(failed).toMatchObject({ code: "P0001", message: "projects are closed today" });
    await app.host.query("drop trigger closed on project");
    await expectExact(app, 0);
  });
});

/** What a function must not run on its `tx`, and how many of its projects are there then. */
const endings = [
  ["commit", 1],
  ["rollback", 0],
  ["commit; begin", 1],
  ["rollback; begin", 0],
  ["commit and chain", 1],
] as const;

// Fails where the transaction that ends is not asked whether it is the one that began: the kept count was then written
// without its lock, in a transaction of its own.
describe("a function that ends the transaction itself", () => {
  const lockings = ["before", "at-commit"] as const;
  const ways = endings.flatMap(([ending, written]) => lockings.map((locking) => [ending, locking, written] as const));
  it.each(ways)(
    "by %s is told (locking %s): what had been claimed by then goes with what was written",
    async (ending, locking, written) => {
      const app = await createApp();
      const pool = app.open({ max: 1 });
      const entitlements = app.connect(pool);
      const failed = entitlements.enforce({ ...both, locking }, async (tx) => {
        await insertProject(tx);
        await tx.query(ending);
      });
      await expect(failed).rejects.toMatchObject(CONFIGURATION);
      await expect(failed).rejects.toThrow(/ended the transaction/);
      // Nothing that it began is open on the connection that the next one gets.
      expect(
        await numberOf(
          pool,
          "select count(*) from pg_stat_activity where pid = pg_backend_pid() and xact_start < query_start",
        ),
      ).toBe(0);
      const { rows } = await app.host.query("select count(*)::int as made from project");
      expect(rows).toEqual([{ made: written }]);
      const { rows: kept } = await app.host.query("select coalesce(sum(used), 0)::int as kept from org_entitlement");
      // With the lock in the COMMIT nothing has been claimed yet.
      expect(kept).toEqual([{ kept: locking === "before" ? written : 0 }]);
      await app.host.query("truncate project; update org_entitlement set used = 0");
      await expectExact(app, 0);
    },
  );

  it.each(endings)("by %s in the caller's own transaction is told as well", async (ending, written) => {
    const app = await createApp();
    const tx = await app.begin();
    const failed = app.entitlements.enforce({ ...both, tx }, async () => {
      await insertProject(tx);
      await tx.query(ending);
    });
    await expect(failed).rejects.toMatchObject(CONFIGURATION);
    await expect(failed).rejects.toThrow(/ended the transaction/);
    await tx.query("rollback");
    const { rows } = await app.host.query("select count(*)::int as made from project");
    expect(rows).toEqual([{ made: written }]);
    const { rows: kept } = await app.host.query("select coalesce(sum(used), 0)::int as kept from org_entitlement");
    expect(kept).toEqual([{ kept: written }]);
    await app.host.query("truncate project; update org_entitlement set used = 0");
    await expectExact(app, 0);
  });
});
