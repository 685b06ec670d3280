import { isStorageError } from "@x/entitlements-core/errors";
import { describe, expect, it } from "vitest";
import { both, claimBoth, createApp, expectExact, failureOf, insertProject, step } from "../fixtures/app.ts";
import { locks, pidOf, terminate, waitingPid, withDoor } from "../fixtures/backends.ts";

const ROLLED_BACK = { name: "StorageError", code: "ENTITLEMENT_STORAGE", status: 503, outcome: "rolled-back" };

const LOCKINGS = ["before", "at-commit"] as const;

// The host's row and the kept count are one transaction. Fails where the SDK's write is committed apart from the host's
// ("commit; begin" in front of what was put off), and where pg.ts leaves `error` events alone: they end the process.
describe("a session that the server ends leaves everything exact, and nobody waits", () => {
  it("before the lock: a StorageError that nothing was written, and the function never runs", async () => {
    const app = await createApp();
    const pool = app.open();
    let killed = 0;
    const bridge = withDoor(pool, async (sql, client) => {
      if (!locks(sql) || killed++ > 0) return;
      await terminate(app.host, await pidOf(client));
    });
    const failed = app.connect(pool, {}, bridge).enforce(both, () => expect.fail("must not run"));
    await expect(failed).rejects.toMatchObject(ROLLED_BACK);
    expect([killed, pool.totalCount]).toEqual([1, 0]);
    await expectExact(app, 0);
  });

  it("while it waits for the lock: a StorageError that nothing was written; the holder is not disturbed", async () => {
    const app = await createApp();
    const [held, go] = [step(), step()];
    const holding = app.entitlements.enforce(both, async (tx) => {
      await insertProject(tx);
      held.reach();
      await go.reached;
    });
    await held.reached;
    const failed = failureOf(app.entitlements.enforce(both, () => expect.fail("must not run")));
    await terminate(app.host, await waitingPid(app.host));
    expect(await failed).toMatchObject({ ...ROLLED_BACK, cause: { code: "57P01" } });
    go.reach();
    await holding;
    await expectExact(app, 1);
  });

  it("while the function has the lock: the host's next statement fails as the driver says it", async () => {
    const app = await createApp();
    let thrown: unknown;
    const failed = app.entitlements.enforce(both, async (tx) => {
      await terminate(app.host, await pidOf(tx));
      thrown = await failureOf(insertProject(tx));
      throw thrown;
    });
    expect(await failureOf(failed)).toBe(thrown);
    expect(isStorageError(thrown)).toBe(false);
    await expectExact(app, 0);
  });

  it.each(LOCKINGS)("after the host's write (locking %s): the COMMIT fails as a StorageError", async (locking) => {
    const app = await createApp();
    const failed = app.entitlements.enforce({ ...both, locking }, async (tx) => {
      await insertProject(tx);
      await terminate(app.host, await pidOf(tx));
    });
    await expect(failed).rejects.toMatchObject({ name: "StorageError", outcome: "unknown" });
    await expectExact(app, 0);
  });

  it.each(LOCKINGS)("in its COMMIT (locking %s): a StorageError with an unknown outcome", async (locking) => {
    const app = await createApp();
    await app.host.query(SLOW_COMMIT);
    await app.host.query("select pg_advisory_lock(1)");
    const failed = failureOf(app.entitlements.enforce({ ...both, locking }, (tx) => insertProject(tx)));
    await terminate(app.host, await waitingPid(app.host));
    expect(await failed).toMatchObject({ name: "StorageError", outcome: "unknown", cause: { code: "57P01" } });
    await app.host.query("select pg_advisory_unlock(1)");
    await expectExact(app, 0);
  });

  it("while it is idle: the next call takes another one", async () => {
    const app = await createApp();
    const pool = app.open({ max: 1 });
    const entitlements = app.connect(pool);
    await claimBoth(entitlements);
    const client = await pool.connect();
    const pid = await pidOf(client);
    client.release();
    const gone = new Promise((resolve) => pool.once("remove", resolve));
    await terminate(app.host, pid);
    await gone;
    await claimBoth(entitlements);
    await expectExact(app, 2);
  });

  it("in a caller's transaction: the call says so, and the caller's ROLLBACK has nothing left to undo", async () => {
    const app = await createApp();
    const tx = await app.begin();
    await terminate(app.host, await pidOf(tx));
    const failed = app.entitlements.enforce({ ...both, tx }, () => expect.fail("must not run"));
    await expect(failed).rejects.toMatchObject(ROLLED_BACK);
    await expectExact(app, 0);
  });
});

/** A deferred trigger that waits within COMMIT. */
const SLOW_COMMIT = `create function wait_for_door() returns trigger language plpgsql as
    'begin perform pg_advisory_xact_lock(1); return null; end';
  create constraint trigger door after insert on project deferrable initially deferred
    for each row execute function wait_for_door()`;
