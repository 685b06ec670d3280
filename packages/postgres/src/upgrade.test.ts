import { isTransactionConflictError } from "@x/entitlements-core/errors";
import type pg from "pg";
import { describe, expect, test } from "vitest";
import { createApp, failureOf, insertProject, type Limits, numberOf, step } from "./fixtures/app.ts";
import { waitingPid } from "./fixtures/backends.ts";
import { barrier } from "./fixtures/doors.ts";

const project = { orgId: "acme", resourceType: "quota:project" } as const;

/** What needs the lock alone that claims of an unlimited organisation share. */
const needs: readonly (readonly [string, (one: Limits, tx: pg.PoolClient, index: number) => Promise<unknown>])[] = [
  ["keeps a result", (one, tx, index) => one.enforce({ ...project, tx, idempotencyKey: `k${index}` }, () => 1)],
  ["reserves", (one, tx) => one.reserve({ ...project, tx })],
  ["changes the limit", (one, tx) => one.setLimit({ ...project, limit: null, tx })],
];

// Fails where a shared lock is made exclusive in place: of three at most one came through, the others ended in a
// TransactionConflictError, or in a LockTimeoutError after five seconds.
describe("of functions that share a lock at the same time, each comes through that then", () => {
  test.each(needs)("%s", async (_what, need) => {
    const { entitlements, host } = await createApp();
    await entitlements.enforce(project, () => {});
    const meet = barrier(3);
    const attempts: number[] = [];
    const call = (index: number): Promise<void> =>
      entitlements.enforce(project, async (tx, { attempt }) => {
        attempts[index] = attempt;
        await insertProject(tx);
        await meet();
        await need(entitlements, tx, index);
      });
    const began = performance.now();
    await Promise.all([0, 1, 2].map(call));
    // The server looks for deadlocks after a second.
    expect(performance.now() - began).toBeLessThan(900);
    expect(Math.max(...attempts)).toBe(2);
    expect(await numberOf(host, "select count(*) from project")).toBe(3);
  });
});

describe("in a transaction of the caller's that shares a lock, a call that needs it alone", () => {
  // Fails where it waits: the other one wants the same, and one of the two is the victim of a deadlock, a second later.
  test("is a conflict at once while others share it, and passes when the transaction is run again", async () => {
    const { entitlements, begin } = await createApp();
    await entitlements.enforce(project, () => {});
    const [tx, other] = [await begin(), await begin()];
    for (const one of [tx, other]) await entitlements.enforce({ ...project, tx: one }, () => insertProject(one));
    const error = await failureOf(entitlements.reserve({ ...project, tx }));
    expect(error).toSatisfy(isTransactionConflictError);
    expect(error).toMatchObject({ message: expect.stringContaining("`claims`") });
    // Only the call was undone.
    expect(await numberOf(tx, "select count(*) from project")).toBe(1);
    await tx.query("rollback; begin");
    const again = entitlements.enforce({ ...project, tx }, () => insertProject(tx));
    await other.query("commit");
    await again;
    await entitlements.reserve({ ...project, tx });
    await tx.query("commit");
  });

  test("passes at once where nobody else shares it", async () => {
    const { entitlements, begin } = await createApp();
    await entitlements.enforce(project, () => {});
    const tx = await begin();
    await entitlements.enforce({ ...project, tx }, () => insertProject(tx));
    await entitlements.reserve({ ...project, tx });
    await tx.query("commit");
  });

  // Fails where what is shared is remembered in the process alone: the host's ROLLBACK TO has let go of it.
  test("waits its turn where the lock was let go of by a savepoint of the host's", async () => {
    const { entitlements, begin, host } = await createApp();
    await entitlements.enforce(project, () => {});
    const [tx, other] = [await begin("begin; savepoint mine"), await begin()];
    for (const one of [tx, other]) await entitlements.enforce({ ...project, tx: one }, () => {});
    await tx.query("rollback to savepoint mine");
    const reserved = entitlements.reserve({ ...project, tx });
    await waitingPid(host);
    await other.query("commit");
    await reserved;
    await tx.query("commit");
  });
});

// Fails where whoever shares a lock stands behind the one who waits for him: both functions were run again.
test("a second claim in a transaction that shares the lock passes although somebody waits to have it alone", async () => {
  const { entitlements, connect, open, host } = await createApp();
  await entitlements.enforce(project, () => {});
  const [meet, go] = [barrier(3), step()];
  const sharing = [1, 2].map(() =>
    entitlements.enforce(project, async (tx, { attempt }) => {
      await meet();
      await go.reached;
      await entitlements.enforce({ ...project, tx }, () => insertProject(tx));
      return attempt;
    }),
  );
  await meet();
  const limiting = connect(open()).setLimit({ ...project, limit: 5 });
  const announced = async () => (await host.query("select 1 from org_limit_change")).rowCount;
  await expect.poll(announced, { interval: 5 }).toBe(1);
  await waitingPid(host);
  go.reach();
  expect(await Promise.all(sharing)).toEqual([1, 1]);
  await limiting;
});
