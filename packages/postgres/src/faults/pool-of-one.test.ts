import { counted, createEntitlements } from "@x/entitlements-core";
import type pg from "pg";
import { describe, expect, it } from "vitest";
import { postgresAdapter } from "../adapter.ts";
import { fromPg } from "../bridges/pg.ts";
import { type Bridge, both, claimBoth, createApp, expectExact, insertProject, resources } from "../fixtures/app.ts";

const project = { orgId: "acme", resourceType: "quota:project" } as const;

/** A pool of one, and how many connections were held or wanted at most at the same time. */
async function createSmall() {
  const app = await createApp();
  const pool = app.open({ max: 1 });
  const inner: Bridge = fromPg(pool);
  const account = { now: 0, most: 0 };
  const bridge: Bridge = {
    ...inner,
    async connect() {
      account.most = Math.max(account.most, ++account.now);
      const own = await inner.connect();
      return {
        tx: own.tx,
        run: own.run,
        release() {
          account.now -= 1;
          return own.release();
        },
        destroy() {
          account.now -= 1;
          own.destroy();
        },
      };
    },
  };
  const patience = { lockTimeoutMs: 2_000 };
  return { ...app, pool, account, entitlements: app.connect(pool, patience, bridge), bridge, patience };
}

// Fails where anything takes a second connection while one is held: with one there is none, and the call times out.
describe("a pool of one connection is enough", () => {
  it("for every method by itself", async () => {
    const app = await createSmall();
    const { entitlements, account } = app;
    await entitlements.migrate();
    expect((await entitlements.doctor()).filter(({ severity }) => severity === "error")).toEqual([]);
    await entitlements.setLimit({ ...project, limit: 5 });
    await claimBoth(entitlements);
    await entitlements.consume({ orgId: "acme", resourceType: "quota:credit", amount: 1 });
    await entitlements.consume({ orgId: "acme", claims: { "quota:credit": -1 } });
    await entitlements.enforce({ ...both, idempotencyKey: "once" }, async (tx) => {
      await insertProject(tx);
      return 1;
    });
    const hold = await entitlements.reserve(project);
    await entitlements.confirm({ orgId: "acme", id: hold.id }, (tx) => insertProject(tx));
    await entitlements.reserve({ ...project, key: "by-key" });
    await entitlements.release({ orgId: "acme", key: "by-key" });
    expect(await entitlements.check(project)).toMatchObject({ current: 3, limit: 5 });
    expect(await entitlements.usage({ orgId: "acme" })).toHaveLength(3);
    expect(await entitlements.limits({ orgId: "acme" })).toHaveLength(1);
    expect(await entitlements.resolveEntitlement(project)).toMatchObject({ limit: 5 });
    expect((await entitlements.overLimit()).organisations).toEqual([]);
    await entitlements.clearLimit(project);
    expect(account).toEqual({ now: 0, most: 1 });
    await entitlements.consume({ orgId: "acme", resourceType: "quota:credit" });
    await expectExact(app, 3);
  });

  it("for every method inside of another's function, with its tx", async () => {
    const app = await createSmall();
    const { entitlements, account } = app;
    await entitlements.enforce(both, async (tx) => {
      await insertProject(tx);
      await entitlements.enforce({ ...both, tx }, () => insertProject(tx));
      await entitlements.consume({ orgId: "globex", resourceType: "quota:credit", tx });
      await entitlements.setLimit({ orgId: "globex", resourceType: "quota:project", limit: 1, tx });
      expect(await entitlements.check({ ...project, tx })).toMatchObject({ current: 2 });
      expect(await entitlements.usage({ orgId: "acme", tx })).toHaveLength(3);
      expect(await entitlements.limits({ orgId: "globex", tx })).toHaveLength(1);
      await entitlements.reserve({ ...project, key: "inside", tx });
      await entitlements.confirm({ orgId: "acme", key: "inside", tx }, () => insertProject(tx));
      const hold = await entitlements.reserve({ ...project, tx });
      await entitlements.release({ orgId: "acme", id: hold.id, tx });
      await entitlements.consume({ orgId: "acme", resourceType: "quota:credit", tx });
    });
    expect(account).toEqual({ now: 0, most: 1 });
    await expectExact(app, 3);
  });

  it("for twenty callers at once, whatever they want", async () => {
    const app = await createSmall();
    const { entitlements } = app;
    await entitlements.setLimit({ ...project, limit: 4 });
    const calls = Array.from({ length: 20 }, (_, index) => {
      if (index % 4 === 1) return entitlements.usage({ orgId: "acme" });
      if (index % 4 === 2) return claimBoth(entitlements, "globex");
      return claimBoth(entitlements);
    });
    const ends = await Promise.allSettled(calls);
    for (const end of ends)
      if (end.status === "rejected") expect(end.reason).toMatchObject({ name: "LimitReachedError", current: 4 });
    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(14);
    await app.entitlements.clearLimit(project);
    await expectExact(app, 4);
    await expectExact(app, 5, "globex");
  });

  it("for functions that count, in whose place no other connection is taken", async () => {
    const app = await createSmall();
    const count = async (tx: pg.PoolClient, orgId: string): Promise<number> =>
      (await tx.query("select count(*)::int as n from project where org_id = $1", [orgId])).rows[0].n;
    const entitlements = createEntitlements({
      adapter: postgresAdapter(app.bridge),
      resources: { ...resources, "quota:counted": counted({ label: "Projects", count }) },
      ...app.patience,
    });
    const counting = { orgId: "acme", resourceType: "quota:counted" } as const;
    await entitlements.setLimit({ ...counting, limit: 2 });
    const claims = { ...both.claims, "quota:counted": 1 } as const;
    await entitlements.enforce({ orgId: "acme", claims }, (tx) => insertProject(tx));
    expect(await entitlements.check(counting)).toMatchObject({ current: 1, remaining: 1 });
    expect(await entitlements.usage({ orgId: "acme" })).toHaveLength(4);
    await entitlements.enforce({ orgId: "acme", claims }, async (tx) => {
      await insertProject(tx);
      expect(await entitlements.check({ ...counting, tx })).toMatchObject({ current: 2 });
    });
    await expect(entitlements.enforce({ orgId: "acme", claims }, () => {})).rejects.toMatchObject({ current: 2 });
    expect(app.account).toEqual({ now: 0, most: 1 });
    await expectExact(app, 2);
  });
});
