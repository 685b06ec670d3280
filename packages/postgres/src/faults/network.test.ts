import { isLockTimeoutError, isStorageError } from "@x/entitlements-core/errors";
import { describe, expect, it } from "vitest";
import { both, claimBoth, expectExact, failureOf, insertProject, step } from "../fixtures/app.ts";
import { createNetworked } from "../fixtures/network.ts";

const project = { orgId: "acme", resourceType: "quota:project" } as const;

/** What a call rejects with, and after how long. */
async function timed(call: () => Promise<unknown>): Promise<{ error: unknown; ms: number }> {
  const began = performance.now();
  const error = await failureOf(call());
  return { error, ms: performance.now() - began };
}

describe("a network that is cut", () => {
  it("in the middle of a transaction: the host's statement fails as it is, nothing stays, then it goes on", async () => {
    const app = await createNetworked();
    const entitlements = app.connect(app.openAfar());
    await claimBoth(entitlements);
    const failed = await failureOf(
      entitlements.enforce(both, async (tx) => {
        await insertProject(tx);
        app.proxy.cut();
        await insertProject(tx);
      }),
    );
    expect(isStorageError(failed)).toBe(false);
    expect(failed).toMatchObject({ message: expect.stringMatching(/ECONNRESET|terminated|not queryable/) });
    const calls = [
      () => claimBoth(entitlements),
      () => entitlements.consume({ orgId: "acme", resourceType: "quota:credit" }),
      () => entitlements.check(project),
      () => entitlements.usage({ orgId: "acme" }),
      () => entitlements.setLimit({ ...project, limit: 1 }),
      () => entitlements.reserve(project),
      () => entitlements.doctor(),
      () => entitlements.migrate(),
    ];
    for (const call of calls)
      await expect(call()).rejects.toMatchObject({ name: "StorageError", outcome: "rolled-back" });
    app.proxy.heal();
    await claimBoth(entitlements);
    await expectExact(app, 2);
  });
});

/** How long after its deadline a call may end at the latest, on a slow machine. Without the deadline it would not end at all. */
const LATE_MS = 1_000;

// Fails where own-transaction.ts waits for the work without the signal (`await work(…)` in place of untilAborted).
describe("a network that says nothing any more: every call ends at its deadline", () => {
  it("when the lock is asked for, and when it is read", async () => {
    const app = await createNetworked();
    const pool = app.openAfar();
    // Long enough for a slow machine to connect.
    const entitlements = app.connect(pool, { lockTimeoutMs: 500 });
    await claimBoth(entitlements);
    app.proxy.stall();
    for (const call of [
      () => claimBoth(entitlements),
      () => entitlements.check(project),
      () => entitlements.usage({ orgId: "acme" }),
      () => entitlements.setLimit({ ...project, limit: 1 }),
      () => entitlements.reserve(project),
    ]) {
      const { error, ms } = await timed(call);
      expect(error).toMatchObject({ name: "LockTimeoutError", phase: "wait" });
      expect(ms).toBeGreaterThan(490);
      expect(ms).toBeLessThan(500 + LATE_MS);
    }
    app.proxy.heal();
    await claimBoth(entitlements);
    await expectExact(app, 2);
  });

  it("while the function runs: its statement is given up, and the connection with it", async () => {
    const app = await createNetworked();
    const pool = app.openAfar();
    const entitlements = app.connect(pool, { transactionTimeoutMs: 400 });
    await claimBoth(entitlements);
    const { error, ms } = await timed(() =>
      entitlements.enforce(both, async (tx) => {
        await insertProject(tx);
        app.proxy.stall();
        await insertProject(tx);
      }),
    );
    expect(error).toMatchObject({ name: "LockTimeoutError", phase: "hold" });
    expect(ms).toBeLessThan(400 + LATE_MS);
    expect(pool.totalCount).toBe(0);
    app.proxy.heal();
    await expectExact(app, 1);
  });

  it("when a refusal is rolled back", async () => {
    const app = await createNetworked();
    const entitlements = app.connect(app.openAfar(), { transactionTimeoutMs: 400 });
    await entitlements.setLimit({ ...project, limit: 0 });
    app.proxy.onData((direction, bytes) =>
      direction === "up" && /^Q....rollback\0/s.test(bytes.toString("latin1")) ? "drop" : "pass",
    );
    const { error, ms } = await timed(() => claimBoth(entitlements));
    expect(isLockTimeoutError(error)).toBe(true);
    expect(ms).toBeLessThan(400 + LATE_MS);
    app.proxy.onData();
    await app.entitlements.clearLimit(project);
    await expectExact(app, 0);
  });

  // Fails where own-transaction.ts rolls back after an error, or asks whether the transaction has failed, without the signal.
  it("when it is to be cleaned up after an error", async () => {
    const app = await createNetworked();
    const entitlements = app.connect(app.openAfar(), { lockTimeoutMs: 400, transactionTimeoutMs: 400 });
    await claimBoth(entitlements);
    // A conflict has been met: whether it is one of this transaction has to be asked.
    const conflict = Object.assign(new Error("could not serialize access"), { code: "40001", severity: "ERROR" });
    const asked = await timed(() =>
      entitlements.enforce(both, () => {
        app.proxy.stall();
        throw conflict;
      }),
    );
    expect(asked.error).toBe(conflict);
    expect(asked.ms).toBeLessThan(400 + LATE_MS);
    app.proxy.heal();
    // A statement of ours fails, and its ROLLBACK is lost.
    const hasty = app.connect(app.openAfar({ options: "-c statement_timeout=100ms" }), { lockTimeoutMs: 5_000 });
    // Who knows that it is limited waits without beginning anew to announce that.
    await app.entitlements.setLimit({ ...project, limit: 9 });
    await hasty.consume({ orgId: "acme", claims: { "quota:project": 0, "quota:credit": 0 } });
    const [held, go] = [step(), step()];
    const holding = app.entitlements.enforce(both, async () => {
      held.reach();
      await go.reached;
      throw conflict;
    });
    await held.reached;
    app.proxy.onData((direction, bytes) => (direction === "up" && bytes.includes("rollback") ? "drop" : "pass"));
    const undone = await timed(() => claimBoth(hasty));
    expect(undone.error).toMatchObject({ name: "StorageError", cause: { code: "57014" } });
    expect(undone.ms).toBeLessThan(400 + LATE_MS);
    go.reach();
    expect(await failureOf(holding)).toBe(conflict);
    await expectExact(app, 1);
  });
});

describe("a network that is slow", () => {
  it("(50 ms each way) changes nothing but the time it takes", async () => {
    const app = await createNetworked();
    const entitlements = app.connect(app.openAfar());
    await entitlements.setLimit({ ...project, limit: 3 });
    await claimBoth(entitlements);
    app.proxy.setDelay(50);
    const ends = await Promise.allSettled(Array.from({ length: 6 }, () => claimBoth(entitlements)));
    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
    for (const end of ends)
      if (end.status === "rejected")
        expect(end.reason).toMatchObject({ name: "LimitReachedError", limit: 3, current: 3 });
    app.proxy.setDelay(0);
    await app.entitlements.clearLimit(project);
    await expectExact(app, 3);
  });
});
