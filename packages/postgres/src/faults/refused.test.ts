import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Server, startPostgres, startProxy } from "@x/entitlements-test-servers";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { both, claimBoth, createApp, expectExact, failureOf, insertProject, type Limits } from "../fixtures/app.ts";

const project = { orgId: "acme", resourceType: "quota:project" } as const;

let server: Server;
let folder: string;

// A server that trusts its superuser alone: others need their password.
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "entitlements-"));
  // The server runs as an account of its own, which must get at the file.
  chmodSync(folder, 0o755);
  const hba = join(folder, "hba.conf");
  writeFileSync(hba, "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n");
  server = await startPostgres({ settings: { hba_file: hba } });
  const client = new pg.Client(server.url());
  await client.connect();
  await client.query("create role app login password 'right' superuser");
  await client.query("create role few login password 'right' connection limit 1");
  await client.query("create database used");
  await client.end();
});

afterAll(async () => {
  await server?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Every way to ask fails, none refuses, none grants. */
async function expectStorageErrors(entitlements: Limits, says: RegExp): Promise<void> {
  for (const call of [
    () => entitlements.enforce(both, () => expect.fail("the function must not run")),
    () => entitlements.consume({ orgId: "acme", resourceType: "quota:credit" }),
    () => entitlements.reserve(project),
    () => entitlements.check(project),
    () => entitlements.usage({ orgId: "acme" }),
    () => entitlements.setLimit({ ...project, limit: 1 }),
    () => entitlements.overLimit(),
    () => entitlements.migrate(),
    () => entitlements.doctor(),
  ]) {
    const failed = await failureOf(call());
    expect(failed).toMatchObject({ code: "ENTITLEMENT_STORAGE", status: 503, outcome: "rolled-back" });
    expect(String(failed)).toMatch(says);
  }
}

describe("a server that lets nobody in is a StorageError that says why, never a refusal and never a permission", () => {
  const as = (user: string, password: string, database = "used"): string => {
    const url = new URL(server.url(database));
    url.username = user;
    url.password = password;
    return url.href;
  };

  it("where nothing listens", async () => {
    const app = await createApp();
    const proxy = await startProxy(1);
    await proxy.close();
    const pool = app.open({ connectionString: proxy.url(app.url) });
    await expectStorageErrors(app.connect(pool), /could not be reached.*ECONNREFUSED/);
  });

  it("where the password is wrong", async () => {
    const app = await createApp();
    const pool = app.open({ connectionString: as("app", "wrong") });
    await expectStorageErrors(app.connect(pool), /refused the login.*28P01/);
  });

  it("where there is no such user", async () => {
    const app = await createApp();
    const pool = app.open({ connectionString: as("nobody", "right") });
    await expectStorageErrors(app.connect(pool), /refused the login.*28P01/);
  });

  it("where there is no such database", async () => {
    const app = await createApp();
    const pool = app.open({ connectionString: as("app", "right", "no_such") });
    await expectStorageErrors(app.connect(pool), /database does not exist.*3D000/);
  });

  it("where it has no connection left, until it has one", async () => {
    const app = await createApp({ url: as("app", "right") });
    const taken = new pg.Client(as("few", "right"));
    await taken.connect();
    const pool = app.open({ connectionString: as("few", "right") });
    await app.host.query("grant all on all tables in schema public to few");
    const entitlements = app.connect(pool);
    await expectStorageErrors(entitlements, /no connection left.*53300/);
    await taken.end();
    await expect
      .poll(() =>
        claimBoth(entitlements).then(
          () => "granted",
          () => "refused",
        ),
      )
      .toBe("granted");
    await expectExact(app, 1);
  });
});

describe("a pool that the host has taken for itself", () => {
  // Fails where own-transaction.ts waits for the connection without the signal; and where it does not give back what
  // comes too late: then the pool stays empty for good.
  it("is waited for until the deadline, and what comes later is given back", async () => {
    const app = await createApp();
    const pool = app.open({ max: 1 });
    const entitlements = app.connect(pool, { lockTimeoutMs: 500 });
    await claimBoth(entitlements);
    const taken = await pool.connect();
    for (const call of [
      () => claimBoth(entitlements),
      () => entitlements.check(project),
      () => entitlements.setLimit({ ...project, limit: 1 }),
    ]) {
      const began = performance.now();
      const failed = await failureOf(call());
      expect(failed).toMatchObject({ name: "LockTimeoutError", phase: "wait", status: 503 });
      expect(performance.now() - began).toBeLessThan(1_500);
    }
    expect(pool.waitingCount).toBe(3);
    taken.release();
    await expect.poll(() => [pool.idleCount, pool.waitingCount, pool.totalCount]).toEqual([1, 0, 1]);
    await claimBoth(entitlements);
    await expectExact(app, 2);
  });

  it("is a StorageError where the pool's own patience is shorter", async () => {
    const app = await createApp();
    const pool = app.open({ max: 1, connectionTimeoutMillis: 50 });
    const entitlements = app.connect(pool);
    const taken = await pool.connect();
    await expect(claimBoth(entitlements)).rejects.toMatchObject({
      name: "StorageError",
      outcome: "rolled-back",
      message: expect.stringContaining("timeout exceeded when trying to connect"),
    });
    taken.release();
    await claimBoth(entitlements);
    await expectExact(app, 1);
  });

  it("which was ended is a ConfigurationError", async () => {
    const app = await createApp();
    const pool = new pg.Pool({ connectionString: app.url });
    await pool.end();
    await expect(app.connect(pool).enforce(both, (tx) => insertProject(tx))).rejects.toMatchObject({
      name: "ConfigurationError",
      message: expect.stringContaining("The pool has been ended"),
    });
    await expectExact(app, 0);
  });
});
