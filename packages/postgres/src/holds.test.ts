import { counter, createEntitlements, rows } from "@x/entitlements-core";
import { isLimitReachedError } from "@x/entitlements-core/errors";
import type pg from "pg";
import { expect, test } from "vitest";
import { postgresAdapter } from "./adapter.ts";
import { fromPg } from "./bridges/pg.ts";
import { type Bridge, createApp, failureOf } from "./fixtures/app.ts";

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
  /** After the message that locks and counts, whoever holds another lock sweeps away what has expired by the time there. */
  const swept: Bridge = {
    ...bridge,
    async connect() {
      const own = await bridge.connect();
      return {
        ...own,
        async run(statements) {
          const answers = await own.run(statements);
          if (statements.some((sql) => sql.includes("on conflict (org_id, resource_type) do update")))
            await late.reserve({ orgId, resourceType: "quota:credit", ttlMs: 1_000 });
          return answers;
        },
      };
    },
  };
  const join = (tx: pg.PoolClient) => tx.query("insert into member values ('acme', 'bob')");
  expect(await failureOf(start(swept, () => before).enforce(seat, join))).toSatisfy(isLimitReachedError);
});
