import type pg from "pg";
import { describe, expect, it } from "vitest";
import { both, createApp, expectExact, failureOf, insertProject, numberOf, step } from "../fixtures/app.ts";

/** Runs a statement over and over until the connection is taken away; resolves to how often it was refused. */
async function nag(tx: Pick<pg.ClientBase, "query">, refusals: number): Promise<void> {
  for (let refused = 0; refused < refusals; )
    await insertProject(tx, "acme", "stray").catch(() => {
      refused += 1;
    });
}

const strays = "select count(*) from project where name = 'stray'";

// Each fails where own-transaction.ts gives the connection of a function that threw back to the pool (`release` in place of
// `destroy`): with a pool of one it is the very connection of the next caller.
describe("what a function leaves running lands in nobody else's transaction", () => {
  it("after it has thrown", async () => {
    const app = await createApp();
    const pool = app.open({ max: 1 });
    const entitlements = app.connect(pool);
    const thrown = new Error("one part failed");
    let stray: Promise<void> | undefined;
    const failed = entitlements.enforce(both, async (tx) => {
      await insertProject(tx);
      stray = nag(tx, 3);
      throw thrown;
    });
    expect(await failureOf(failed)).toBe(thrown);
    await entitlements.enforce(both, async (tx) => {
      await insertProject(tx);
      await stray;
      await insertProject(tx, "globex");
    });
    expect(await numberOf(app.host, strays)).toBe(0);
    await expectExact(app, 1);
  });

  it("after it has taken too long", async () => {
    const app = await createApp();
    const pool = app.open({ max: 1 });
    const entitlements = app.connect(pool, { transactionTimeoutMs: 150 });
    const next = step();
    let stray: Promise<void> | undefined;
    const failed = entitlements.enforce(both, async (tx) => {
      await insertProject(tx);
      stray = next.reached.then(() => nag(tx, 3));
      await stray;
    });
    await expect(failed).rejects.toMatchObject({ name: "LockTimeoutError", phase: "hold" });
    await app.connect(pool).enforce(both, async (tx) => {
      await insertProject(tx);
      next.reach();
      await stray;
      await insertProject(tx, "globex");
    });
    expect(await numberOf(app.host, strays)).toBe(0);
    await expectExact(app, 1);
  });

  it("after the caller has given up", async () => {
    const app = await createApp();
    const pool = app.open({ max: 1 });
    const entitlements = app.connect(pool);
    const controller = new AbortController();
    const next = step();
    let stray: Promise<void> | undefined;
    const failed = entitlements.enforce({ ...both, signal: controller.signal }, async (tx) => {
      await insertProject(tx);
      controller.abort(new Error("the client has gone"));
      stray = next.reached.then(() => nag(tx, 3));
      await stray;
    });
    await expect(failed).rejects.toThrow("the client has gone");
    await entitlements.enforce(both, async (tx) => {
      await insertProject(tx);
      next.reach();
      await stray;
    });
    expect(await numberOf(app.host, strays)).toBe(0);
    await expectExact(app, 1);
  });

  it("while its statement is still at the server: that is undone with the rest", async () => {
    const app = await createApp();
    const entitlements = app.connect(app.open({ max: 1 }));
    await app.host.query("select pg_advisory_lock(1)");
    const thrown = new Error("one part failed");
    const failed = entitlements.enforce(both, async (tx) => {
      await insertProject(tx);
      tx.query(
        "insert into project (org_id, name) select 'acme', 'stray' from (select pg_advisory_xact_lock(1)) as waited",
      ).catch(() => {});
      throw thrown;
    });
    expect(await failureOf(failed)).toBe(thrown);
    await app.host.query("select pg_advisory_unlock(1)");
    await expectExact(app, 0);
    expect(await numberOf(app.host, strays)).toBe(0);
  });
});

describe("a function's statement that the server is busy with when the call is ended", () => {
  // PostgreSQL does not look for its client while it works: without this setting the lock is free when the statement ends.
  it("gives up its lock at once where the server looks for its clients (client_connection_check_interval)", async () => {
    const app = await createApp();
    const pool = app.open({ options: "-c client_connection_check_interval=50ms" });
    const entitlements = app.connect(pool, { transactionTimeoutMs: 150 });
    const failed = entitlements.enforce(both, async (tx) => {
      await insertProject(tx);
      await tx.query("select pg_sleep(20)");
    });
    await expect(failed).rejects.toMatchObject({ name: "LockTimeoutError", phase: "hold" });
    await expectExact(app, 0);
  });
});

describe("a statement that a function has sent and not awaited", () => {
  it("is a part of the transaction all the same", async () => {
    const app = await createApp();
    await app.entitlements.enforce(both, (tx) => void insertProject(tx).catch(() => {}));
    await expectExact(app, 1);
  });

  it("undoes it where it fails", async () => {
    const app = await createApp();
    const failed = app.entitlements.enforce(both, (tx) => {
      insertProject(tx).catch(() => {});
      tx.query("select 1/0").catch(() => {});
    });
    await expect(failed).rejects.toMatchObject({ name: "ConfigurationError" });
    await expectExact(app, 0);
  });
});
