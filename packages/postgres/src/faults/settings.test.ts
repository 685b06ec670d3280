import type pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { type App, both, claimBoth, createApp, expectExact, failureOf, insertProject, step } from "../fixtures/app.ts";
import { pidOf, waitingPid } from "../fixtures/backends.ts";

const project = { orgId: "acme", resourceType: "quota:project" } as const;

const TIMEOUTS = `select current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement,
  current_setting('idle_in_transaction_session_timeout') as idle, current_setting('transaction_isolation') as isolation,
  current_setting('search_path') as path`;

async function settings(client: Pick<pg.ClientBase, "query">): Promise<Record<string, unknown>> {
  return (await client.query(TIMEOUTS)).rows[0];
}

/** The role, the database, the session and the transaction can each have set them. */
const setBy: readonly (readonly [string, (app: App) => Promise<pg.PoolClient>])[] = [
  ["by nobody", (app) => app.begin()],
  [
    "by SET LOCAL",
    (app) => app.begin("begin; set local lock_timeout = '1234ms'; set local statement_timeout = '5678ms'"),
  ],
  [
    "by SET in the transaction",
    (app) => app.begin("begin; set lock_timeout = '1234ms'; set statement_timeout = '5678ms'"),
  ],
  ["by the session", (app) => app.begin("set lock_timeout = '1234ms'; set statement_timeout = '5678ms'; begin")],
  [
    "by the database",
    async (app) => {
      const { rows } = await app.host.query("select current_database() as name");
      await app.host.query(`alter database ${rows[0].name} set lock_timeout = '1234ms'`);
      onTestFinished(() => app.host.query(`alter database ${rows[0].name} reset lock_timeout`).then(() => {}));
      return app.begin("begin", app.open());
    },
  ],
];

// Fails without AS_BEFORE behind the lock: SET LOCAL outlives RELEASE SAVEPOINT, so the caller's next statement would
// give up after our bound. With "set local … to default" there it fails where the session or SET LOCAL had set it.
describe("a caller's transaction has the settings it had, set", () => {
  it.each(setBy)("%s: after a grant, a refusal, a throw and a time-out", async (by, begin) => {
    const app = await createApp();
    const patient = app.connect(app.open(), { lockTimeoutMs: 150 });
    await app.entitlements.setLimit({ ...project, limit: 2 });
    const tx = await begin(app);
    const before = await settings(tx);
    expect(before).toMatchObject({ lock: by === "by nobody" ? "0" : "1234ms" });

    await patient.enforce({ ...both, tx }, async () => {
      await insertProject(tx);
      expect(await settings(tx)).toEqual(before);
    });
    expect(await settings(tx)).toEqual(before);
    await expect(patient.enforce({ ...both, claims: { "quota:project": 2 }, tx }, () => {})).rejects.toMatchObject({
      name: "LimitReachedError",
    });
    expect(await settings(tx)).toEqual(before);
    const thrown = new Error("the function's own");
    expect(await failureOf(patient.enforce({ ...both, tx }, () => Promise.reject(thrown)))).toBe(thrown);
    expect(await settings(tx)).toEqual(before);
    await patient.check({ ...project, tx });
    expect(await settings(tx)).toEqual(before);

    const [held, go] = [step(), step()];
    const holding = app.entitlements.enforce({ ...both, orgId: "globex" }, async () => {
      held.reach();
      await go.reached;
    });
    await held.reached;
    const timedOut = failureOf(patient.enforce({ ...both, orgId: "globex", tx }, () => {}));
    expect(await timedOut).toMatchObject({ name: "LockTimeoutError", phase: "wait" });
    expect(await settings(tx)).toEqual(before);
    go.reach();
    await holding;

    await tx.query("commit");
    expect(await settings(tx)).toMatchObject({ lock: by === "by SET LOCAL" ? "0" : before["lock"] });
    await app.entitlements.clearLimit(project);
    await expectExact(app, 1);
  });
});

describe("in a transaction of the SDK's own the function finds the settings", () => {
  // Fails without UNBOUNDED behind the lock.
  it("that the pool connects with, and the session keeps them", async () => {
    const app = await createApp();
    const pool = app.open({ max: 1, options: "-c lock_timeout=1234ms" });
    const entitlements = app.connect(pool, { lockTimeoutMs: 3_000 });
    for (let call = 0; call < 2; call++)
      await entitlements.enforce(both, async (tx) => {
        expect(await settings(tx)).toMatchObject({ lock: "1234ms", isolation: "read committed" });
        await insertProject(tx);
      });
    expect(await settings(pool)).toMatchObject({ lock: "1234ms" });
    await expectExact(app, 2);
  });

  // Fails where BEGIN does not say READ COMMITTED and READ WRITE in so many words.
  it("that make its lock safe, whatever the default isolation of the session is", async () => {
    const app = await createApp();
    const pool = app.open({
      options: "-c default_transaction_isolation=serializable -c default_transaction_read_only=on",
    });
    const entitlements = app.connect(pool);
    await entitlements.enforce(both, async (tx) => {
      expect(await settings(tx)).toMatchObject({ isolation: "read committed" });
      await insertProject(tx);
    });
    await expectExact(app, 1);
  });

  it("and a lock_timeout of the host's that is shorter than the wait does not shorten it", async () => {
    const app = await createApp();
    const entitlements = app.connect(app.open({ options: "-c lock_timeout=20ms" }), { lockTimeoutMs: 5_000 });
    const [held, go] = [step(), step()];
    const holding = app.entitlements.enforce(both, async (tx) => {
      await insertProject(tx);
      held.reach();
      await go.reached;
    });
    await held.reached;
    const waiting = entitlements.enforce(both, async (tx) => {
      expect(await settings(tx)).toMatchObject({ lock: "20ms" });
      await insertProject(tx);
    });
    await waitingPid(app.host);
    await app.host.query("select pg_sleep(0.1)");
    go.reach();
    await Promise.all([holding, waiting]);
    await expectExact(app, 2);
  });
});

describe("a time-out of the server's that hits the SDK", () => {
  // Fails where the error that ended the wait is not looked through: it was taken for a lost connection, and each time-out
  // under load cost a connection.
  it("the one for the lock, a little before the deadline: the connection is still of use", async () => {
    const app = await createApp();
    const pool = app.open({ max: 1 });
    const entitlements = app.connect(pool, { lockTimeoutMs: 500 });
    await entitlements.check(project);
    const [held, go] = [step(), step()];
    const holding = app.entitlements.enforce(both, async (tx) => {
      await insertProject(tx);
      held.reach();
      await go.reached;
    });
    await held.reached;
    // On a busy machine the deadline may be there first, as it is for a server that does not answer.
    const isKept = async (): Promise<boolean> => {
      const pid = await pidOf(pool);
      await expect(claimBoth(entitlements)).rejects.toMatchObject({ name: "LockTimeoutError", phase: "wait" });
      return pid === (await pidOf(pool));
    };
    expect((await isKept()) || (await isKept()) || (await isKept())).toBe(true);
    go.reach();
    await holding;
    await claimBoth(entitlements);
    await expectExact(app, 2);
  });

  it("statement_timeout while it waits for the lock: a StorageError that says so", async () => {
    const app = await createApp();
    const pool = app.open({ options: "-c statement_timeout=100ms", max: 1 });
    const entitlements = app.connect(pool);
    await entitlements.check(project);
    const [held, go] = [step(), step()];
    const holding = app.entitlements.enforce(both, async (tx) => {
      await insertProject(tx);
      held.reach();
      await go.reached;
    });
    await held.reached;
    const failed = failureOf(entitlements.enforce(both, () => expect.fail("must not run")));
    expect(await failed).toMatchObject({
      name: "StorageError",
      outcome: "rolled-back",
      message: expect.stringMatching(/statement_timeout.*57014/),
      cause: { code: "57014" },
    });
    // The connection is still of use: the transaction was rolled back, the session is there.
    expect([pool.totalCount, pool.idleCount]).toEqual([1, 1]);
    go.reach();
    await holding;
    await expectExact(app, 1);
  });

  const ends = [
    ["idle_in_transaction_session_timeout", "25P03", 14],
    ["transaction_timeout", "25P04", 17],
  ] as const;
  it.each(ends)("%s while the function is elsewhere: a StorageError that names it", async (setting, state, since) => {
    const app = await createApp();
    const { rows } = await app.host.query("select current_setting('server_version_num')::int / 10000 as major");
    // Servers before that have no such setting, so nothing can end there.
    if (rows[0].major < since) return;
    const pool = app.open({ options: `-c ${setting}=100ms` });
    const entitlements = app.connect(pool);
    await entitlements.check(project);
    const failed = failureOf(
      entitlements.enforce(both, async (tx) => {
        await insertProject(tx);
        await new Promise((resolve) => tx.once("error", resolve));
      }),
    );
    expect(await failed).toMatchObject({ name: "StorageError", message: expect.stringContaining(`${setting}`) });
    expect(await failed).toMatchObject({ cause: { code: state } });
    expect(pool.totalCount).toBe(0);
    await expectExact(app, 0);
  });
});
