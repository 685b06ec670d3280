import { counter, createEntitlements, rows } from "@x/entitlements-core";
import { isLimitReachedError } from "@x/entitlements-core/errors";
import type pg from "pg";
import { expect, test } from "vitest";
import { postgresAdapter } from "./adapter.ts";
import { fromPg } from "./bridges/pg.ts";
import { type Bridge, createApp, failureOf, insertProject, numberOf } from "./fixtures/app.ts";

const resources = {
  "quota:credit": counter({ label: "Credits" }),
  "seat:member": rows({ label: "Members", table: "member", orgColumn: "org_id", key: "name" }),
};
const orgId = "acme";
const seat = { orgId, resourceType: "seat:member" } as const;

// Fails when what is held is read apart from the rows that it covers: the row was hidden by a hold that was gone by then.
test("a hold that expires and is swept away while a claim is measured hides no row without counting for it", async () => {
  const { host, open } = await createApp();
  await host.query(
    "create table member (org_id text not null, name text not null); insert into member values ('acme', 'ann')",
  );
  const start = (bridge: Bridge, clock: () => Date) =>
    createEntitlements({ adapter: postgresAdapter(bridge), resources, clock });
  const before = new Date("2030-01-01T00:00:00Z");
  const after = new Date("2030-01-01T01:00:00Z");
  const early = start(fromPg(open()), () => before);
  const late = start(fromPg(open()), () => after);
  await early.setLimit({ ...seat, limit: 1 });
  await early.reserve({ ...seat, key: "ann", ttlMs: 60_000 });

  const bridge = fromPg(open());
  /** After the message that locks and counts, whoever holds another lock uses the key anew: it has expired by the time there. */
  const swept: Bridge = {
    ...bridge,
    async connect() {
      const own = await bridge.connect();
      return {
        ...own,
        async run(statements) {
          const answers = await own.run(statements);
          if (statements.some((sql) => sql.includes("on conflict (org_id, resource_type) do update")))
            await late.reserve({ orgId, resourceType: "quota:credit", key: "ann", ttlMs: 1_000 });
          return answers;
        },
      };
    },
  };
  const join = (tx: pg.PoolClient) => tx.query("insert into member values ('acme', 'bob')");
  expect(await failureOf(start(swept, () => before).enforce(seat, join))).toSatisfy(isLimitReachedError);
});

/** Two processes whose clocks are a day apart, so that no test waits for a hold to expire. */
async function atTwoTimes() {
  const app = await createApp();
  const hasty = { lockTimeoutMs: 400 };
  const early = app.connect(app.open(), { ...hasty, clock: () => new Date("2030-01-01T00:00:00Z") });
  const late = app.connect(app.open(), { ...hasty, clock: () => new Date("2030-01-02T00:00:00Z") });
  return { ...app, early, late };
}
const project = { orgId, resourceType: "quota:project" } as const;
const credit = { orgId, resourceType: "quota:credit" } as const;

// Fails where whoever holds another lock deletes everything that has expired: a ReservationExpiredError, and the writes were undone.
test("a hold that expires while the function of its confirmation runs is confirmed, whoever reserves meanwhile", async () => {
  const { early: one, late, host } = await atTwoTimes();
  const { id } = await one.reserve({ ...project, key: "k" });
  const confirmed = one.confirm({ orgId, id }, async (tx) => {
    await insertProject(tx);
    await late.reserve(credit);
    return "in time";
  });
  expect(await confirmed).toBe("in time");
  expect(await numberOf(host, "select count(*) from project")).toBe(1);
});

// Fails where a confirmation does not keep its hold: the key was given away before the confirmation had ended.
test("whoever wants the key of a hold that is being confirmed waits for the end of that", async () => {
  const { early: one, late } = await atTwoTimes();
  const { id } = await one.reserve({ ...project, key: "k" });
  const confirmed = one.confirm({ orgId, id }, async () => {
    expect(await failureOf(late.reserve({ ...credit, key: "k" }))).toMatchObject({ name: "LockTimeoutError" });
    return "in time";
  });
  expect(await confirmed).toBe("in time");
  await late.reserve({ ...credit, key: "k" });
});
