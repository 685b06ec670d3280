import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { validator } from "hono/validator";
import { expect, it } from "vitest";
import { fill, holdLock } from "./fixtures/projects-app.ts";
import { onEachStorage } from "./fixtures/storages.ts";
import { requireEntitlement } from "./index.ts";

onEachStorage((storage) => {
  async function createApp() {
    const host = await storage.open({ lockTimeoutMs: 1_000 });
    await fill(host, 2);
    const app = new Hono<{ Variables: { user: string } }>();
    app.use(async (c, next) => {
      const user = c.req.header("Authorization");
      if (user === undefined) throw new HTTPException(401, { message: "Sign in." });
      c.set("user", user);
      await next();
    });
    app.post(
      "/projects",
      async (c, next) => {
        if (c.var.user !== "admin") throw new HTTPException(403, { message: "Admins only." });
        await next();
      },
      validator("json", (value, c) => {
        const { name }: { name?: unknown } = Object(value);
        return typeof name === "string" ? { name } : c.json({ name: "is missing" }, 400);
      }),
      requireEntitlement(host.entitlements, { resourceType: "quota:project", orgId: () => "acme" }),
      async (c) => {
        await host.insert(c.var.tx, { id: "new", orgId: "acme", name: c.req.valid("json").name });
        return c.json({}, 201);
      },
    );
    const post = async (user: string | null, body: unknown): Promise<number> => {
      const headers = { "Content-Type": "application/json", ...(user === null ? {} : { Authorization: user }) };
      return (await app.request("/projects", { method: "POST", headers, body: JSON.stringify(body) })).status;
    };
    return { ...host, post };
  }

  it("sign-in comes before permission, permission before the body, the body before the limit", async () => {
    const { post, entitlements } = await createApp();
    expect([await post(null, {}), await post("member", {}), await post("admin", {})]).toEqual([401, 403, 400]);
    expect(await post("admin", { name: "Apollo" })).toBe(402);
    await entitlements.setLimit({ orgId: "acme", resourceType: "quota:project", limit: 3 });
    expect(await post("admin", { name: "Apollo" })).toBe(201);
  });

  it("whoever is turned away earlier does not wait for the lock", async () => {
    const host = await createApp();
    const letGo = await holdLock(host);
    expect([await host.post(null, {}), await host.post("member", {}), await host.post("admin", {})]).toEqual([
      401, 403, 400,
    ]);
    expect(await host.post("admin", { name: "Apollo" })).toBe(503);
    await letGo();
  });
});
