import { describe, expect, test } from "vitest";
import { type App, createApp, failureOf, insertProject } from "./fixtures/app.ts";
import { alwaysShared } from "./fixtures/relay.ts";

const orgId = "acme";
const project = { orgId, resourceType: "quota:project" } as const;
const credit = { orgId, resourceType: "quota:credit" } as const;

describe("a caller's transaction waits no longer than lockTimeoutMs", () => {
  // Fails with lock_timeout alone, which begins anew with each of those who share: it waited for as long as they came.
  test("for those who share the lock and never pause", async () => {
    const app = await createApp();
    const end = await alwaysShared(app);
    const entitlements = app.connect(app.open(), { lockTimeoutMs: 500 });
    const tx = await app.begin();
    const began = performance.now();
    expect(await failureOf(entitlements.setLimit({ ...project, limit: 5, tx }))).toMatchObject({
      name: "LockTimeoutError",
      phase: "wait",
    });
    expect(performance.now() - began).toBeLessThan(1_500);
    expect((await tx.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    await end();
  });

  // Fails with lock_timeout alone, which begins anew with the second lock.
  test("for two locks together", async () => {
    const app = await createApp();
    for (const one of [project, credit]) await app.entitlements.setLimit({ ...one, limit: 5 });
    const lock = (type: string) => `begin; select 1 from org_entitlement where resource_type = '${type}' for update`;
    const [first] = [await app.begin(lock("quota:credit")), await app.begin(lock("quota:project"))];
    const entitlements = app.connect(app.open(), { lockTimeoutMs: 1_000 });
    const tx = await app.begin();
    const began = performance.now();
    const claims = { "quota:project": 1, "quota:credit": 1 };
    const failed = failureOf(entitlements.enforce({ orgId, claims, tx }, () => {}));
    await app.host.query("select pg_sleep(0.7)");
    await first.query("rollback");
    expect(await failed).toMatchObject({ name: "LockTimeoutError" });
    expect(performance.now() - began).toBeLessThan(1_500);
  });
});

// Fails where the server's bound is computed once and not for each message: it lay behind the deadline, so the connection was
// still busy when that passed, and was thrown away.
test("no call that times out costs a connection, whether it claims, keeps a result or changes a limit", async () => {
  const app = await createApp();
  await app.entitlements.enforce(project, () => {});
  const holder = await app.begin("begin; select * from org_entitlement for update");
  const pool = app.open({ max: 1 });
  let removed = 0;
  pool.on("remove", () => {
    removed += 1;
  });
  const entitlements = app.connect(pool, { lockTimeoutMs: 1_000 });
  const calls = [
    () => entitlements.enforce(project, () => {}),
    () => entitlements.enforce({ ...project, idempotencyKey: "k" }, () => 1),
    () => entitlements.setLimit({ ...project, limit: 1 }),
  ];
  for (const call of calls) expect(await failureOf(call())).toMatchObject({ name: "LockTimeoutError" });
  expect(removed).toBe(0);
  await holder.query("rollback");
});

describe("a key that an open transaction has used under another lock is waited for no longer than lockTimeoutMs", () => {
  const uses = {
    "of a hold": (
      one: App["entitlements"],
      type: typeof project | typeof credit,
      tx?: Awaited<ReturnType<App["begin"]>>,
    ) => one.reserve({ ...type, key: "k", tx }),
    "of a result": (
      one: App["entitlements"],
      type: typeof project | typeof credit,
      tx?: Awaited<ReturnType<App["begin"]>>,
    ) => one.enforce({ ...type, idempotencyKey: "k", tx }, () => 1),
  };

  // Fails where what is put off is sent without a bound: a StorageError when the function's time was up, and the session went
  // on waiting with the lock, and wrote once the other one was through.
  test.each(Object.entries(uses))("%s: nothing is written and nothing stays locked", async (_, use) => {
    const app = await createApp();
    const hasty = app.connect(app.open(), { lockTimeoutMs: 400 });
    const tx = await app.begin();
    await use(app.entitlements, project, tx);
    expect(await failureOf(use(hasty, credit))).toMatchObject({ name: "LockTimeoutError", phase: "wait" });
    await hasty.consume(credit);
    await tx.query("rollback");
    await use(hasty, credit);
  });

  test.each(Object.entries(uses))("%s: a caller's transaction stays usable, with its settings", async (_, use) => {
    const app = await createApp();
    const hasty = app.connect(app.open(), { lockTimeoutMs: 400 });
    const other = await app.begin();
    await use(app.entitlements, project, other);
    const tx = await app.begin("begin; set local lock_timeout = '4321ms'");
    const failed = failureOf(use(hasty, credit, tx));
    expect(await failed).toMatchObject({ name: "LockTimeoutError", phase: "wait" });
    await other.query("rollback");
    await use(hasty, credit, tx);
    await insertProject(tx);
    expect((await tx.query("select current_setting('lock_timeout') as lock")).rows).toEqual([{ lock: "4321ms" }]);
    await tx.query("commit");
  });
});

describe("what has expired hinders nobody while an open transaction sweeps it away", () => {
  // Fails where everything that has expired is deleted, and not only what the call's own lock protects: it waited for the end
  // of the other transaction.
  test("neither holds nor results", async () => {
    const app = await createApp();
    const past = app.connect(app.open(), { clock: () => new Date("2020-01-01T00:00:00Z") });
    await past.reserve(project);
    await past.enforce({ ...project, idempotencyKey: "old" }, () => 1);
    const tx = await app.begin();
    await app.entitlements.reserve({ ...project, tx });
    await app.entitlements.enforce({ ...project, idempotencyKey: "new", tx }, () => 1);
    const swept = await app.host.query("select count(*)::int as n from org_reservation where expires_at < now()");
    expect(swept.rows).toEqual([{ n: 1 }]);
    const hasty = app.connect(app.open(), { lockTimeoutMs: 400 });
    await hasty.reserve(credit);
    await hasty.enforce({ ...credit, idempotencyKey: "mine" }, () => 1);
    await tx.query("commit");
  });
});
