import pg from "pg";
import { describe, expect, it } from "vitest";
import {
  type App,
  both,
  claimBoth,
  createApp,
  expectExact,
  failureOf,
  insertProject,
  type Limits,
  numberOf,
  step,
} from "../fixtures/app.ts";
import { waitingPid, withDoor } from "../fixtures/backends.ts";

const CONFLICT = { name: "TransactionConflictError", code: "ENTITLEMENT_TRANSACTION_CONFLICT", status: 503 };

/** Two rows of the host's that functions lock in opposite order. */
const DOORS = "create table door (name text primary key); insert into door values ('left'), ('right')";

async function lockDoor(tx: Pick<pg.ClientBase, "query">, name: "left" | "right"): Promise<void> {
  await tx.query("select from door where name = $1 for update", [name]);
}

describe("in a transaction of the SDK's own", () => {
  // Fails where own-transaction.ts does not ask for a conflict behind the host's error, and where 40P01 is none.
  it("a real deadlock of two functions: one of them runs again, both are written once", async () => {
    const app = await createApp();
    await app.host.query(DOORS);
    const attempts: Record<string, number[]> = { left: [], right: [] };
    const inside = { left: step(), right: step() };
    const crossing = (orgId: string, mine: "left" | "right", other: "left" | "right") =>
      app.entitlements.enforce({ ...both, orgId }, async (tx, { attempt }) => {
        attempts[mine]?.push(attempt);
        await insertProject(tx, orgId);
        await lockDoor(tx, mine);
        inside[mine].reach();
        await inside[other].reached;
        await lockDoor(tx, other);
      });
    await Promise.all([crossing("acme", "left", "right"), crossing("globex", "right", "left")]);
    expect(
      Object.values(attempts)
        .map((list) => list.join())
        .sort(),
    ).toEqual(["1", "1,2"]);
    await expectExact(app, 1);
    await expectExact(app, 1, "globex");
  });

  // The host may raise the isolation inside its own function no more, but a trigger or a foreign server can say 40001.
  it("a real serialization failure: the function runs again", async () => {
    const app = await createApp();
    await app.host.query(`${DOORS}; create table moment (n int); insert into moment values (0);
      create function conflict_once() returns trigger language plpgsql as $$ begin
        if current_setting('app.attempt') = '1' then raise exception 'not this time' using errcode = '40001'; end if;
        return null; end $$;
      create constraint trigger once after insert on project deferrable initially deferred
        for each row execute function conflict_once()`);
    const attempts: number[] = [];
    await app.entitlements.enforce(both, async (tx, { attempt }) => {
      attempts.push(attempt);
      await tx.query("select set_config('app.attempt', $1, true)", [String(attempt)]);
      await insertProject(tx);
    });
    expect(attempts).toEqual([1, 2]);
    await app.host.query("drop trigger once on project");
    await expectExact(app, 1);
  });

  it("an error with the code 40001 that the function brings from another database is rethrown as it is", async () => {
    const app = await createApp();
    const elsewhere = new pg.Client(app.url);
    const other = new pg.Client(app.url);
    await Promise.all([elsewhere.connect(), other.connect()]);
    await app.host.query("create table ledger (n int); insert into ledger values (1)");
    let runs = 0;
    let thrown: unknown;
    const failed = app.entitlements.enforce(both, async (tx) => {
      runs += 1;
      await insertProject(tx);
      await elsewhere.query("begin isolation level repeatable read");
      await elsewhere.query("select * from ledger");
      await other.query("update ledger set n = n + 1");
      thrown = await failureOf(elsewhere.query("update ledger set n = n + 1"));
      throw thrown;
    });
    expect(await failureOf(failed)).toBe(thrown);
    expect(thrown).toMatchObject({ code: "40001" });
    expect(runs).toBe(1);
    await Promise.all([elsewhere.end(), other.end()]);
    await expectExact(app, 0);
  });
});

/** Lets two callers go on to their COMMIT only when both have come so far. */
function meetingAtCommit(app: App): Limits {
  const pool = app.open();
  const arrived: (() => void)[] = [];
  const met = step();
  const bridge = withDoor(pool, async (sql) => {
    if (!/insert into "?(\w+"?\.)?"?org_(reservation|idempotency)/.test(sql)) return;
    if (arrived.push(met.reach) === 2) met.reach();
    await met.reached;
  });
  return app.connect(pool, {}, bridge);
}

// Each has the lock of its own resource type, so nothing but the key keeps them apart. Fails where isConflict leaves the
// constraint of the key out: the second one's caller was given the driver's error.
describe("two calls with the same key for different resource types, at the same moment", () => {
  it("reserve: one has the hold, the other is told that somebody has", async () => {
    const app = await createApp();
    const entitlements = meetingAtCommit(app);
    const ends = await Promise.allSettled(
      (["quota:project", "quota:credit"] as const).map((resourceType) =>
        entitlements.reserve({ orgId: "acme", resourceType, key: "k" }),
      ),
    );
    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const end of ends)
      if (end.status === "rejected") expect(end.reason).toMatchObject({ name: "ReservationConflictError", key: "k" });
    await app.entitlements.release({ orgId: "acme", key: "k" });
    await expectExact(app, 0);
  });

  it.each(["before", "at-commit"] as const)(
    "an idempotency key (locking %s): one is done, the other is a mismatch",
    async (locking) => {
      const app = await createApp();
      const entitlements = meetingAtCommit(app);
      const key = { orgId: "acme", idempotencyKey: "k", locking } as const;
      const ends = await Promise.allSettled([
        entitlements.enforce({ ...key, resourceType: "quota:project" }, async (tx) => {
          await insertProject(tx);
          return 1;
        }),
        entitlements.enforce({ ...key, resourceType: "quota:credit" }, () => 2),
      ]);
      expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      for (const end of ends)
        if (end.status === "rejected") expect(end.reason).toMatchObject({ name: "IdempotencyMismatchError" });
      const written = ends[0].status === "fulfilled" ? [1, 0] : [0, 1];
      const kept = "select coalesce(sum(used), 0) from org_entitlement where resource_type = 'quota:credit'";
      expect([await numberOf(app.host, "select count(*) from project"), await numberOf(app.host, kept)]).toEqual(
        written,
      );
      await app.host.query("truncate project");
      await app.entitlements.forget({ orgId: "acme" });
      await expectExact(app, 0);
    },
  );

  it("in a caller's transaction it is a conflict, and what was undone leaves it usable", async () => {
    const app = await createApp();
    const tx = await app.begin();
    await app.entitlements.reserve({ orgId: "acme", resourceType: "quota:credit", key: "other", tx });
    // The other one has its hold between this one's look and its write.
    await app.host.query("begin");
    await app.host.query(`insert into org_reservation (org_id, id, resource_type, amount, counts_as, key, covers, expires_at, created_at)
      values ('acme', 'quota:credit/1', 'quota:credit', 1, 1, 'k', '{}', clock_timestamp() + interval '1 min', clock_timestamp())`);
    const failed = failureOf(app.entitlements.reserve({ orgId: "acme", resourceType: "quota:project", key: "k", tx }));
    await waitingPid(app.host);
    await app.host.query("commit");
    expect(await failed).toMatchObject(CONFLICT);
    const again = app.entitlements.reserve({ orgId: "acme", resourceType: "quota:project", key: "k", tx });
    await expect(again).rejects.toMatchObject({ name: "ReservationConflictError" });
    await tx.query("commit");
    expect(await numberOf(app.host, "select count(*) from org_reservation")).toBe(2);
    await app.host.query("truncate org_reservation");
    await expectExact(app, 0);
  });

  // Fails where a duplicate in the message that ends the transaction is taken for one of ours.
  it.each(["before", "at-commit"] as const)(
    "a deferred unique constraint of the host's stays the host's (locking %s)",
    async (locking) => {
      const app = await createApp();
      await app.host.query("alter table project add constraint once unique (name) deferrable initially deferred");
      let runs = 0;
      const failed = app.entitlements.enforce({ ...both, idempotencyKey: "k", locking }, async (tx) => {
        runs += 1;
        await insertProject(tx, "acme", "same");
        await insertProject(tx, "acme", "same");
        return 1;
      });
      expect(await failureOf(failed)).toMatchObject({ code: "23505", constraint: "once", severity: "ERROR" });
      expect(runs).toBe(1);
      await app.host.query("alter table project drop constraint once");
      await expectExact(app, 0);
    },
  );
});

describe("in a transaction of the caller's", () => {
  // Fails where the lock is a SELECT FOR UPDATE of a row that only the SDK's counters change: it would count with old eyes.
  it.each(["repeatable read", "serializable"])(
    "%s: what another one has written since its first statement is a conflict, not a stale count",
    async (isolation) => {
      const app = await createApp();
      const project = { orgId: "acme", resourceType: "quota:project" } as const;
      await app.entitlements.setLimit({ ...project, limit: 1 });
      const tx = await app.begin(`begin isolation level ${isolation}`);
      await tx.query("select count(*) from project");
      // Counted by its rows alone: nothing that is stored of it changes but by the lock.
      await app.entitlements.enforce(project, (own) => insertProject(own));
      let runs = 0;
      const failed = app.entitlements.enforce({ ...project, tx }, async () => {
        runs += 1;
        await insertProject(tx);
      });
      await expect(failed).rejects.toMatchObject({ ...CONFLICT, cause: { code: "40001" } });
      await tx.query("rollback");
      expect(runs).toBe(0);
      await app.host.query("truncate project");
      await app.entitlements.clearLimit(project);
      await expectExact(app, 0);
    },
  );

  it("a deadlock is reported, the function does not run again, and the caller's ROLLBACK lets the other one through", async () => {
    const app = await createApp();
    await app.host.query(DOORS);
    // Which of the two gets the error is up to the server: the one that waits for longer asks first.
    await app.host.query(`set deadlock_timeout = '10s'`);
    const other = new pg.Client(app.url);
    await other.connect();
    await other.query("set deadlock_timeout = '30s'; begin");
    await lockDoor(other, "right");
    const tx = await app.begin();
    let runs = 0;
    let waiting: Promise<void> | undefined;
    const failed = app.entitlements.enforce({ ...both, tx }, async () => {
      runs += 1;
      await insertProject(tx);
      await lockDoor(tx, "left");
      waiting = lockDoor(other, "left");
      await waitingPid(app.host);
      await lockDoor(tx, "right");
    });
    await expect(failed).rejects.toMatchObject({ ...CONFLICT, cause: { code: "40P01" } });
    await tx.query("rollback");
    await waiting;
    await other.query("rollback");
    await other.end();
    expect(runs).toBe(1);
    await expectExact(app, 0);
  });

  it("an error with the code 40001 from elsewhere is rethrown as it is, and the transaction can go on", async () => {
    const app = await createApp();
    const tx = await app.begin();
    const thrown = Object.assign(new Error("another database's conflict"), { code: "40001", severity: "ERROR" });
    const failed = app.entitlements.enforce({ ...both, tx }, async () => {
      await insertProject(tx);
      throw thrown;
    });
    expect(await failureOf(failed)).toBe(thrown);
    await app.entitlements.enforce({ ...both, tx }, () => insertProject(tx));
    await tx.query("commit");
    await expectExact(app, 1);
  });

  it("two enforcements in one transaction against their mirror image: a conflict for one of them, none is lost", async () => {
    const app = await createApp();
    const pool = app.open();
    const inside = [step(), step()] as const;
    const run = async (mine: 0 | 1, first: string, second: string): Promise<"written" | "conflict"> => {
      const tx = await pool.connect();
      try {
        await tx.query("begin");
        await app.entitlements.enforce({ ...both, orgId: first, tx }, () => insertProject(tx, first));
        inside[mine].reach();
        await inside[mine === 0 ? 1 : 0].reached;
        await app.entitlements.enforce({ ...both, orgId: second, tx }, () => insertProject(tx, second));
        await tx.query("commit");
        return "written";
      } catch (error) {
        expect(error).toMatchObject(CONFLICT);
        await tx.query("rollback");
        return "conflict";
      } finally {
        tx.release();
      }
    };
    const ends = await Promise.all([run(0, "acme", "globex"), run(1, "globex", "acme")]);
    expect(ends.sort()).toEqual(["conflict", "written"]);
    await expectExact(app, 1);
    await expectExact(app, 1, "globex");
    await claimBoth(app.entitlements);
  });
});
