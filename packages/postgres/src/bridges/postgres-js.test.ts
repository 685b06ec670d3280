import { setTimeout as sleep } from "node:timers/promises";
import { createEntitlements } from "@x/entitlements-core";
import { testAdapter } from "@x/entitlements-core/testing";
import postgres from "postgres";
import { describe, expect, onTestFinished, test } from "vitest";
import { postgresAdapter } from "../adapter.ts";
import { createApp, failureOf, numberOf, resources, step } from "../fixtures/app.ts";
import { testBridge } from "../fixtures/bridge-cases.ts";
import { underTest } from "../fixtures/host.ts";
import { onPostgresJs } from "../fixtures/postgres-js.ts";
import { fromPostgresJs } from "./postgres-js.ts";

testAdapter(underTest(onPostgresJs));
testBridge(onPostgresJs);

const project = { orgId: "acme", resourceType: "quota:project" } as const;
const INSERT = "insert into project (org_id) values ('acme')";

/** On one connection, which the next caller gets. */
async function createOne() {
  const app = await createApp();
  const sql = postgres(app.url, { max: 1 });
  onTestFinished(() => sql.end({ timeout: 1 }));
  return { ...app, entitlements: createEntitlements({ adapter: postgresAdapter(fromPostgresJs(sql)), resources }) };
}

// Fails now and then where it is over only when COMMIT is answered: what was sent meanwhile committed by itself.
test("what a function goes on to write behind its COMMIT is refused", async () => {
  const { entitlements, host } = await createOne();
  const TIMES = 40;
  for (let time = 0; time < TIMES; time++) {
    const left = await entitlements.enforce(project, (tx) => ({
      failure: failureOf(tx.unsafe(INSERT).then(() => tx.unsafe(INSERT))),
    }));
    expect(await left.failure).toMatchObject({ message: expect.stringContaining("transaction is over") });
  }
  expect(await numberOf(host, "select count(*) from project")).toBe(TIMES);
});

// postgres.js sends what begins and ends a savepoint past the `sql` that the function was given.
describe("a savepoint that a function leaves open", () => {
  // Fails where postgres.js is told of its end: it rolled back to its own savepoint, and the next caller to his of that name.
  test.each([
    ["returns", 0],
    ["throws", 1],
  ] as const)("undoes nothing of the next caller's, where the function %s", async (_how, thrown) => {
    const { entitlements, host } = await createOne();
    const [ending, inner] = [step(), new Error("inner")];
    let left: Promise<unknown> | undefined;
    const leaving = entitlements.enforce(project, async (tx) => {
      const begun = step();
      left = failureOf(
        tx.savepoint(async () => {
          begun.reach();
          await ending.reached;
          throw inner;
        }),
      );
      await begun.reached;
      if (thrown === 1) throw inner;
    });
    expect((await Promise.allSettled([leaving]))[0]?.status).toBe(thrown === 1 ? "rejected" : "fulfilled");
    await entitlements.enforce(project, (tx) =>
      tx.savepoint(async (nested) => {
        await nested.unsafe(INSERT);
        ending.reach();
        expect(await left).toBe(inner);
        await nested.unsafe(INSERT);
      }),
    );
    expect(await numberOf(host, "select count(*) from project")).toBe(2);
  });

  // Fails where postgres.js is asked for one: it writes to a socket that is gone, and the process ends.
  test("is refused once the function has returned, also where the connection is closed", async () => {
    const { entitlements, host } = await createOne();
    const tx = await entitlements.enforce(project, (begun) => ({ begun }));
    await host.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    );
    await sleep(50);
    const failure = await failureOf(tx.begun.savepoint((nested) => nested.unsafe(INSERT)));
    expect(failure).toMatchObject({ message: expect.stringContaining("transaction is over") });
    await entitlements.enforce(project, (next) => next.unsafe(INSERT));
    expect(await numberOf(host, "select count(*) from project")).toBe(1);
  });
});
