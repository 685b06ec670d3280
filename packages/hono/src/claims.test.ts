import { Hono } from "hono";
import { expect, it } from "vitest";
import { projectsApp } from "./fixtures/projects-app.ts";
import { onEachStorage } from "./fixtures/storages.ts";
import { requireEntitlement } from "./index.ts";

const orgId = () => "acme";

onEachStorage((storage) => {
  it("the amount may be the request's; a wrong one is a 400", async () => {
    const { entitlements } = await storage.open();
    await entitlements.setLimit({ orgId: "acme", resourceType: "quota:api_key", limit: 5 });
    const app = new Hono();
    const gate = requireEntitlement(entitlements, {
      resourceType: "quota:api_key",
      orgId,
      amount: (c) => Number(c.req.query("amount")),
    });
    app.post("/keys", gate, (c) => c.json(c.var.grant.claims[0]?.remaining ?? null, 201));
    const post = async (amount: string) => (await app.request(`/keys?amount=${amount}`, { method: "POST" })).status;
    expect([await post("3"), await post("3"), await post("2")]).toEqual([201, 402, 201]);
    expect([await post("0"), await post("-1"), await post("1.5"), await post("x"), await post("1e300")]).toEqual([
      400, 400, 400, 400, 400,
    ]);
  });

  it("several claims are granted together or not at all", async () => {
    const { entitlements } = await storage.open();
    await entitlements.setLimit({ orgId: "acme", resourceType: "quota:api_key", limit: 5 });
    const app = new Hono();
    const gate = requireEntitlement(entitlements, {
      claims: (c) => ({ "quota:api_key": Number(c.req.query("keys")), "feature:sso": 1 }),
      orgId,
    });
    app.post("/keys", gate, (c) => c.json(c.var.grant.claims.length, 201));
    const post = async (keys: number) => (await app.request(`/keys?keys=${keys}`, { method: "POST" })).status;
    expect([await post(4), await post(2), await post(-2), await post(3), await post(0.5)]).toEqual([
      201, 402, 201, 201, 400,
    ]);
    await entitlements.setLimit({ orgId: "acme", resourceType: "feature:sso", limit: 0 });
    expect(await post(-1)).toBe(402);
  });

  // Fails when the verdict of the COMMIT is not waited for: then all 20 are answered with 201.
  it("with the lock taken at the COMMIT 20 requests for 5 free are as exact", async () => {
    const host = await storage.open();
    await host.entitlements.setLimit({ orgId: "acme", resourceType: "quota:project", limit: 5 });
    const app = projectsApp(host, { locking: "at-commit" });
    const answers = await Promise.all(Array.from({ length: 20 }, () => app.request("/projects", { method: "POST" })));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(5).fill(201), ...Array(15).fill(402)]);
    expect(await host.count("acme")).toBe(5);
    for (const { status, headers } of answers) expect(headers.has("Location")).toBe(status === 201);
  });
});
