import { describe, expect, test } from "vitest";
import { createApp, failureOf, step } from "./fixtures/app.ts";
import { barrier } from "./fixtures/doors.ts";
import { alwaysShared } from "./fixtures/relay.ts";
import { onScene, ORG as orgId } from "./fixtures/scene.ts";

const item = { orgId, resourceType: "quota:item" } as const;
const project = { orgId, resourceType: "quota:project" } as const;

// Fails where nobody announces that he waits: those who share the lock never let him in.
test.each([4, 16])(
  "a first limit is set although %s writers share the lock without a pause",
  async (writers) => {
    await onScene({}, async ({ one, two, insert }) => {
      for (const process of [one, two]) await process.enforce({ orgId, claims: { "quota:item": 0 } }, () => {});
      let isOver = false;
      const write = async (process: typeof one): Promise<void> => {
        while (!isOver)
          await process
            .enforce(item, async (tx) => {
              await insert(tx);
              await tx.query("select pg_sleep(0.01)");
            })
            .catch(() => {
              isOver = true;
            });
      };
      const writing = Array.from({ length: writers }, (_, index) => write(index % 2 === 0 ? one : two));
      const outcome = await two.setLimit({ ...item, limit: 1 }).then(() => "set", String);
      isOver = true;
      await Promise.all(writing);
      expect(outcome).toBe("set");
    });
  },
  30_000,
);

// Fails where claims announce nothing: LockTimeoutError, before and at the commit.
test.each([
  ["before", 1],
  ["at-commit", 2],
] as const)(
  "a claim that cannot share everything has its turn among writers of which the next always comes before the last one goes, locking %s",
  async (locking, attempts) => {
    const app = await createApp();
    const end = await alwaysShared(app);
    const other = app.connect(app.open(), { lockTimeoutMs: 3_000 });
    const claims = { "quota:project": 1, "quota:credit": 1 };
    expect(await other.enforce({ orgId, claims, locking }, (_tx, { attempt }) => attempt)).toBe(attempts);
    await end();
  },
);

// Fails where such a function is undone to be run again, as one that has time is: nobody runs it again, TransactionConflictError.
test("a call whose function took longer than it may wait still waits for those who share the lock, at the commit", async () => {
  const app = await createApp();
  await app.entitlements.enforce(project, () => {});
  const { go, writing } = await shareLock(app);
  // Long enough for a slow machine to see it wait.
  const mine = app.connect(app.open(), { lockTimeoutMs: 1_500 });
  const late = mine.enforce({ ...project, locking: "at-commit", idempotencyKey: "late" }, async (tx, { attempt }) => {
    await tx.query("select pg_sleep(1.6)");
    return attempt;
  });
  const waits = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  await expect.poll(async () => (await app.host.query(waits)).rowCount, { interval: 5, timeout: 3_000 }).toBe(1);
  // Longer than it is waited for before others are asked to make way.
  await app.host.query("select pg_sleep(0.2)");
  go.reach();
  expect(await late).toBe(1);
  await writing;
});

describe("a process that knows nothing of an organisation yet shares its lock with a writer that is not through", () => {
  // Fails where a first claim waits to have the lock alone: LockTimeoutError, as often as it is tried.
  test.each(["in a transaction of ours", "in one of the caller's"])("%s", async (where) => {
    const app = await createApp();
    await app.entitlements.enforce(project, () => {});
    const [held, go] = [step(), step()];
    const writing = app.entitlements.enforce(project, async () => {
      held.reach();
      await go.reached;
    });
    await held.reached;
    const fresh = app.connect(app.open());
    const tx = where.includes("caller") ? await app.begin() : undefined;
    await fresh.enforce({ ...project, tx }, () => {});
    go.reach();
    await writing;
  });
});

// Fails where two who wait have one row: whoever came first took the other one's announcement away with his own, and the
// other one was passed by those who share.
test("each who waits announces it for himself, and takes back his own announcement alone", async () => {
  const app = await createApp();
  const announced = async (): Promise<number> =>
    (await app.host.query("select count(*)::int as n from org_limit_change")).rows[0].n;
  await app.entitlements.enforce(project, () => {});
  const { go, writing } = await shareLock(app);
  const changing = [1, 2].map((limit) => app.connect(app.open()).setLimit({ ...project, limit }));
  await expect.poll(announced, { interval: 5, timeout: 3_000 }).toBe(2);
  go.reach();
  await Promise.all([writing, ...changing]);
  expect(await announced()).toBe(0);
});

// Fails where the one that has announced takes it back with its next statement, and those who come later wait for that row to
// announce themselves: their deadlines passed, and each left a session behind that waited on.
test("who has announced hinders no other one's announcement, while its function runs", async () => {
  const app = await createApp();
  await app.entitlements.enforce(project, () => {});
  const [sharing, shared, holding, held] = [step(), step(), step(), step()];
  const writing = app.entitlements.enforce(project, async () => {
    sharing.reach();
    await shared.reached;
  });
  await sharing.reached;
  const keyed = app.connect(app.open()).enforce({ ...project, idempotencyKey: "slow" }, async () => {
    holding.reach();
    await held.reached;
    return 1;
  });
  await expect
    .poll(async () => (await app.host.query("select 1 from org_limit_change")).rowCount, { interval: 5 })
    .toBe(1);
  shared.reach();
  await writing;
  await holding.reached;
  const hasty = app.connect(app.open(), { lockTimeoutMs: 300 });
  for (const idempotencyKey of ["a", "b"])
    expect(await failureOf(hasty.enforce({ ...project, idempotencyKey }, () => 1))).toMatchObject({
      name: "LockTimeoutError",
    });
  const { rows } = await app.host.query(
    "select query from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  );
  expect(rows).toEqual([]);
  held.reach();
  await keyed;
});

// Fails where a refusal leaves its announcement behind: until its deadline nobody may share the lock.
test("a call that is refused takes its announcement back", async () => {
  const app = await createApp();
  await app.entitlements.enforce(project, () => {});
  const { go, writing } = await shareLock(app);
  await app.entitlements.setLimit({ orgId, resourceType: "quota:credit", limit: 0 });
  const claims = { "quota:project": 1, "quota:credit": 1 };
  const refused = failureOf(app.connect(app.open()).enforce({ orgId, claims }, () => {}));
  const announced = async () => (await app.host.query("select 1 from org_limit_change")).rowCount;
  await expect.poll(announced, { interval: 5 }).toBe(2);
  go.reach();
  await writing;
  expect(await refused).toMatchObject({ name: "LimitReachedError" });
  expect(await announced()).toBe(0);
});

// Fails where announcements are judged by the clock that the host has set: one that was left behind by a process that died held for
// ever, and its writers excluded each other.
test("what was announced and has ended by the server's time hinders nobody, whatever the host's clock says", async () => {
  const app = await createApp();
  await app.host.query(
    "insert into org_limit_change (org_id, resource_type, waiter, expires_at) values ('acme', 'quota:project', 'gone', now())",
  );
  const past = app.connect(app.open(), { clock: () => new Date("2020-01-01T00:00:00Z"), lockTimeoutMs: 1_000 });
  await past.enforce(project, () => {});
  const meet = barrier(2);
  await Promise.all([past, past].map((one) => one.enforce(project, meet)));
});

/** A write that has the lock of the projects together with whoever shares it, until `go` is reached. */
async function shareLock(app: Awaited<ReturnType<typeof createApp>>) {
  const [held, go] = [step(), step()];
  const writing = app.entitlements.enforce(project, async () => {
    held.reach();
    await go.reached;
  });
  await held.reached;
  return { go, writing };
}
