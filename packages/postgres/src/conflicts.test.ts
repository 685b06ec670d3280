import { expect, test } from "vitest";
import { type App, createApp, failureOf, insertProject, type Limits, step } from "./fixtures/app.ts";

const orgId = "acme";
const project = { orgId, resourceType: "quota:project" } as const;

/** Shares the lock until what it resolves to is called. */
async function sharing(one: Limits): Promise<() => Promise<void>> {
  const [held, go] = [step(), step()];
  const writing = one.enforce(project, async () => {
    held.reach();
    await go.reached;
  });
  await held.reached;
  return async () => {
    go.reach();
    await writing;
  };
}

/** Has a caller's transaction need alone what another one shares with it. */
async function meetConflict(app: App, one: Limits): Promise<void> {
  const txs = [await app.begin(), await app.begin()];
  for (const tx of txs) await one.enforce({ ...project, tx }, () => {});
  expect(await failureOf(one.reserve({ ...project, tx: txs[0] }))).toMatchObject({ name: "TransactionConflictError" });
  for (const tx of txs) await tx.query("rollback");
}

async function joinedClaim(app: App, one: Limits): Promise<void> {
  const tx = await app.begin();
  await one.enforce({ ...project, tx }, () => insertProject(tx)).finally(() => tx.query("rollback"));
}

// Fails where a conflict is remembered for good: the second of the two waited for the first one to end, LockTimeoutError.
test("once the transaction that met a conflict has been run again, those of callers share the lock as before", async () => {
  const app = await createApp();
  const one = app.connect(app.open(), { lockTimeoutMs: 1_000 });
  await one.enforce(project, () => {});
  await meetConflict(app, one);
  const again = await app.begin();
  await one.enforce({ ...project, tx: again }, () => {});
  await one.reserve({ ...project, tx: again });
  await again.query("commit");
  const txs = [await app.begin(), await app.begin()];
  for (const tx of txs) await one.enforce({ ...project, tx }, () => insertProject(tx));
  for (const tx of txs) await tx.query("commit");
});

// Fails where a conflict is remembered for good: every claim in a caller's transaction timed out beside writers of another process.
test("a claim that could not have the lock alone after a conflict leaves it to the next one to share it", async () => {
  const app = await createApp();
  await app.entitlements.enforce(project, () => {});
  const one = app.connect(app.open(), { lockTimeoutMs: 400 });
  await one.enforce(project, () => {});
  await meetConflict(app, one);
  const leave = await sharing(app.entitlements);
  expect(await failureOf(joinedClaim(app, one))).toMatchObject({ name: "LockTimeoutError" });
  await joinedClaim(app, one);
  await leave();
});

// Fails where only the call that met it remembers the conflict: the next one shared the lock again, though its message had
// promised otherwise, and met the same.
test("a call that met a conflict when its time was over takes the lock alone when the host runs it again", async () => {
  const app = await createApp();
  await app.entitlements.enforce(project, () => {});
  const one = app.connect(app.open(), { lockTimeoutMs: 600 });
  const hasty = app.connect(app.open(), { lockTimeoutMs: 600 });
  await one.enforce(project, () => {});
  await hasty.enforce(project, () => {});
  const call = (meanwhile: () => Promise<unknown>) =>
    one.enforce(project, async (tx) => {
      await insertProject(tx);
      await meanwhile();
      await one.reserve({ ...project, tx });
    });
  const leave = await sharing(app.entitlements);
  const late = call(() => app.host.query("select pg_sleep(0.7)"));
  expect(await failureOf(late)).toMatchObject({ name: "TransactionConflictError" });
  await leave();
  let other: unknown;
  await call(async () => {
    other = await failureOf(hasty.enforce(project, () => {}));
  });
  expect(other).toMatchObject({ name: "LockTimeoutError" });
  // And that is over with it.
  const end = await sharing(one);
  await one.enforce(project, () => {});
  await end();
});

// Fails where each adapter knows its own conflicts alone: the function was run ten times, each time with a shared lock.
test("a call whose function meets a conflict by another adapter on the same database takes its lock alone when it is run again", async () => {
  const app = await createApp();
  await app.entitlements.enforce(project, () => {});
  const pool = app.open();
  const [one, two] = [app.connect(pool), app.connect(pool)];
  await one.enforce(project, () => {});
  const leave = await sharing(app.entitlements);
  const call = one.enforce(project, async (tx, { attempt }) => {
    await two.reserve({ ...project, tx });
    return attempt;
  });
  call.catch(() => {});
  const announced = async () => (await app.host.query("select 1 from org_limit_change")).rowCount;
  await expect.poll(announced, { interval: 5, timeout: 2_000 }).toBe(1).finally(leave);
  expect(await call).toBe(2);
});

// Fails where the short wait for what is shared holds for all locks of the call: TransactionConflictError, though nobody shared any.
test("a call that needs alone what its transaction shares, and more, waits for the rest", async () => {
  const app = await createApp();
  await app.entitlements.enforce(project, () => {});
  const [tx, other] = [await app.begin(), await app.begin()];
  await app.entitlements.enforce({ ...project, tx }, () => {});
  await app.entitlements.consume({ orgId, resourceType: "quota:credit", tx: other });
  const claims = { "quota:project": 1, "quota:credit": 1 };
  const call = app.entitlements.enforce({ orgId, claims, tx }, () => "ran");
  call.catch(() => {});
  const waits = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  const waiting = async () => (await app.host.query(waits)).rowCount;
  await expect.poll(waiting, { interval: 5, timeout: 2_000 }).toBe(1);
  await other.query("commit");
  expect(await call).toBe("ran");
});

// Fails where what stands in the list of what is shared is taken for an anchor that is there.
test("who has shared the lock of an organisation and forgotten it in one transaction is in nobody's way, nor in its own", async () => {
  const app = await createApp();
  await app.entitlements.enforce(project, () => {});
  const tx = await app.begin();
  await app.entitlements.enforce({ ...project, tx }, () => {});
  await app.entitlements.forget({ orgId, tx });
  await app.entitlements.reserve({ ...project, tx });
});

// Fails where each claim lists it anew: the list grew with each, and was searched by the next.
test("what a transaction shares is listed once, however often it is claimed", async () => {
  const app = await createApp();
  await app.entitlements.enforce(project, () => {});
  const tx = await app.begin();
  for (let n = 0; n < 3; n++) await app.entitlements.enforce({ ...project, tx }, () => {});
  const { rows } = await tx.query("select current_setting('entitlements.shared') as listed");
  expect(rows[0].listed.split("quota:project")).toHaveLength(2);
});
