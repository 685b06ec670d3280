import { type Context, Hono } from "hono";
import { expect, it } from "vitest";
import { fill } from "./fixtures/projects-app.ts";
import { onEachStorage } from "./fixtures/storages.ts";
import { entitlementsErrorHandler, requireEntitlement } from "./index.ts";

const orgId = () => "acme";
const post = { method: "POST" };

onEachStorage((storage) => {
  /** A feature gates the whole tree, a quota the route; `POST /projects?fail=1` answers 409. */
  async function createApp() {
    const host = await storage.open();
    const { entitlements, insert } = host;
    await fill(host, 1);
    await entitlements.setLimit({ orgId: "acme", resourceType: "quota:project", limit: 2 });
    const seen: Context[] = [];
    const app = new Hono();
    app.use("/projects", requireEntitlement(entitlements, { resourceType: "feature:sso", orgId }));
    app.use("/projects", requireEntitlement(entitlements, { resourceType: "quota:api_key", orgId }));
    app.post(
      "/projects",
      async (c: Context, next) => {
        const outer = [c.get("tx"), c.get("grant").claims[0].resourceType];
        await next();
        expect([c.get("tx"), c.get("grant").claims[0].resourceType]).toEqual(outer);
        expect(outer[1]).toBe("quota:api_key");
        seen.push(c);
      },
      requireEntitlement(entitlements, { resourceType: "quota:project", orgId }),
      async (c) => {
        await insert(c.var.tx, { id: "new", orgId: "acme", name: "Apollo" });
        expect(c.var.grant.claims[0]?.resourceType).toBe("quota:project");
        return c.json({}, c.req.query("fail") === undefined ? 201 : 409);
      },
    );
    const keys = async () => (await entitlements.check({ orgId: "acme", resourceType: "quota:api_key" })).current;
    return { ...host, app, keys, seen };
  }

  it("a gate inside another joins its transaction: all is committed together", async () => {
    const { app, count, keys, seen } = await createApp();
    expect((await app.request("/projects", post)).status).toBe(201);
    expect([await count("acme"), await keys(), seen.length]).toEqual([2, 1, 1]);
  });

  it("what the inner one refuses, and what the handler gives up, undoes the outer claim too", async () => {
    const { app, count, keys, entitlements } = await createApp();
    expect((await app.request("/projects?fail=1", post)).status).toBe(409);
    await entitlements.setLimit({ orgId: "acme", resourceType: "quota:project", limit: 1 });
    const refused = await app.request("/projects", post);
    expect([refused.status, await refused.json()]).toMatchObject([402, { resourceType: "quota:project" }]);
    expect([await count("acme"), await keys()]).toEqual([1, 0]);
  });

  it("what the outer one refuses never asks the inner one", async () => {
    const { app, entitlements, seen } = await createApp();
    await entitlements.setLimit({ orgId: "acme", resourceType: "feature:sso", limit: 0 });
    const refused = await app.request("/projects", post);
    expect([refused.status, await refused.json()]).toMatchObject([402, { code: "ENTITLEMENT_FEATURE_DISABLED" }]);
    expect(seen).toEqual([]);
  });

  // Each holds what the other wants: PostgreSQL ends the deadlock, and SQLite has one writer at a time.
  it("gates inside each other in opposite orders never hang: what is not decided is a 503 that took nothing", async () => {
    const host = await storage.open();
    const app = new Hono().onError(entitlementsErrorHandler({ onError: () => undefined }));
    const limits = ["quota:api_key", "quota:project"] as const;
    for (const resourceType of limits) await host.entitlements.setLimit({ orgId: "acme", resourceType, limit: 100 });
    const [key, project] = limits.map((resourceType) => requireEntitlement(host.entitlements, { resourceType, orgId }));
    if (key === undefined || project === undefined) throw new Error("There are two.");
    const handler = async (c: Context) => {
      await host.insert(c.get("tx"), { id: crypto.randomUUID(), orgId: "acme", name: "Apollo" });
      return c.json({}, 201);
    };
    app.post("/one", key, project, handler).post("/other", project, key, handler);
    const paths = Array.from({ length: 8 }, (_, n) => (n % 2 === 0 ? "/one" : "/other"));
    const statuses = await Promise.all(paths.map(async (path) => (await app.request(path, post)).status));
    const made = statuses.filter((status) => status === 201).length;
    expect(statuses.filter((status) => status !== 201 && status !== 503)).toEqual([]);
    expect(made).toBeGreaterThan(0);
    const { current } = await host.entitlements.check({ orgId: "acme", resourceType: "quota:api_key" });
    expect([current, await host.count("acme")]).toEqual([made, made]);
  });

  it("a call of the handler joins with the transaction of the gate, and says so where it does not", async () => {
    const host = await storage.open();
    const reported: unknown[] = [];
    const app = new Hono().onError(entitlementsErrorHandler({ onError: (error) => reported.push(error) }));
    const gate = requireEntitlement(host.entitlements, { resourceType: "quota:project", orgId });
    const key = { orgId: "acme", resourceType: "quota:api_key" } as const;
    app.post("/with", gate, async (c) => c.json(await host.entitlements.consume({ ...key, tx: c.var.tx }), 201));
    app.post("/without", gate, async (c) => c.json(await host.entitlements.consume(key), 201));
    expect((await app.request("/with", post)).status).toBe(201);
    const answer = await app.request("/without", post);
    expect([answer.status, await answer.json()]).toMatchObject([500, { code: "ENTITLEMENT_INTERNAL" }]);
    expect(reported).toMatchObject([{ code: "ENTITLEMENT_CONFIGURATION" }]);
    expect(await host.entitlements.check(key)).toMatchObject({ current: 1 });
  });
});
