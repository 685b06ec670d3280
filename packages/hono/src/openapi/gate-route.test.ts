import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import { expect, it, vi } from "vitest";
import { fill, holdLock } from "../fixtures/projects-app.ts";
import { onEachStorage } from "../fixtures/storages.ts";
import { entitlementsErrorHandler } from "../index.ts";
import { gateRoute } from "../zod-openapi.ts";

const project = z.object({ id: z.string().min(1), name: z.string().min(1) });
const json = (schema: typeof project) => ({ content: { "application/json": { schema } } });
const route = createRoute({
  method: "put",
  path: "/orgs/{org}/projects/{id}",
  request: {
    params: z.object({ org: z.string().max(10), id: z.string() }),
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.object({ name: z.string().min(1), fails: z.enum(["throws", "409"]).optional() }),
        },
      },
    },
  },
  responses: {
    200: { description: "Changed", ...json(project) },
    201: { description: "Made", ...json(project) },
    409: { description: "Refused", ...json(project) },
  },
});

const JSON_BODY = { "Content-Type": "application/json" };

onEachStorage((storage) => {
  async function createApp(limit: number) {
    const host = await storage.open({ lockTimeoutMs: 1_000 });
    await fill(host, limit - 1);
    await host.entitlements.setLimit({ orgId: "acme", resourceType: "quota:project", limit });
    const gated = gateRoute(route, host.entitlements, {
      resourceType: "quota:project",
      orgId: (c) => c.req.valid("param").org,
      when: async (c, tx) => (await host.find(tx, c.req.valid("param").id)) === null,
    });
    const app = new OpenAPIHono();
    app.openapi(
      gated,
      gated.handler(async (c) => {
        const { org: orgId, id } = c.req.valid("param");
        const { name, fails } = c.req.valid("json");
        const creates = c.var.grant.claims.length > 0;
        await (creates ? host.insert : host.rename)(c.var.tx, { id, orgId, name });
        c.header("Set-Cookie", "made=1");
        if (fails === "throws") throw new HTTPException(418, { message: "Out of tea." });
        if (fails === "409") return c.json({ id, name }, 409);
        return c.json({ id, name }, creates ? 201 : 200);
      }),
    );
    const put = (id: string, body: unknown, org = "acme") =>
      app.request(`/orgs/${org}/projects/${id}`, {
        method: "PUT",
        headers: JSON_BODY,
        body: JSON.stringify(body),
      });
    return { ...host, app, put };
  }

  // Fails when the gate is a middleware of the route: an invalid body is then answered with 402, and waits for the lock.
  it("validation comes before the limit, and takes no lock", async () => {
    const host = await createApp(3);
    await fill(host, 3, "full");
    expect((await host.put("new", {}, "full")).status).toBe(400);
    expect((await host.put("new", { name: "Apollo" }, "much-too-long")).status).toBe(400);
    expect((await host.put("new", { name: "Apollo" }, "full")).status).toBe(402);
    const letGo = await holdLock(host, "full");
    expect((await host.put("new", {}, "full")).status).toBe(400);
    expect((await host.put("new", { name: "Apollo" }, "full")).status).toBe(503);
    await letGo();
  });

  it("two PUTs of one new id at once, for the last unit: one makes it, the other changes it", async () => {
    const { put, count } = await createApp(3);
    const answers = await Promise.all([put("new", { name: "Apollo" }), put("new", { name: "Gemini" })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 201]);
    expect((await put("newer", { name: "Apollo" })).status).toBe(402);
    expect(await count("acme")).toBe(3);
  });

  it("a handler that throws, or answers 400 or more, undoes its write", async () => {
    const { put, count } = await createApp(3);
    const thrown = await put("new", { name: "Apollo", fails: "throws" });
    expect([thrown.status, await thrown.text()]).toEqual([418, "Out of tea."]);
    const refused = await put("new", { name: "Apollo", fails: "409" });
    expect([refused.status, await refused.json()]).toEqual([409, { id: "new", name: "Apollo" }]);
    expect(await count("acme")).toBe(2);
  });

  it("a COMMIT that fails takes back what the handler answered", async () => {
    const { put, count, app } = await createApp(3);
    app.onError((_error, c) => c.text("failed", 500));
    const answer = await put("new", { name: "nobody's" });
    expect([answer.status, await answer.text(), answer.headers.get("Set-Cookie")]).toEqual([500, "failed", null]);
    expect(await count("acme")).toBe(2);
  });

  // Fails when the guard is left out: the handler runs, and nothing is claimed.
  it("a gated route whose handler was not made by `handler` refuses every request before anything runs", async () => {
    const { entitlements } = await createApp(1);
    const gated = gateRoute(route, entitlements, { resourceType: "quota:project", orgId: () => "acme" });
    const reported: unknown[] = [];
    const middle = vi.fn();
    const app = new OpenAPIHono();
    app.onError(entitlementsErrorHandler({ onError: (error) => reported.push(error) }));
    const handler = vi.fn((c) => c.json({ id: "1", name: "Apollo" }, 201));
    const counted: MiddlewareHandler = (_c, next) => {
      middle();
      return next();
    };
    app.openapi({ ...gated, middleware: [...gated.middleware, counted] }, handler);
    const answer = await app.request("/orgs/acme/projects/1", { method: "PUT" });
    expect([answer.status, await answer.json()]).toMatchObject([500, { code: "ENTITLEMENT_INTERNAL" }]);
    expect(reported).toMatchObject([{ message: expect.stringContaining("gated.handler(async (c) => …)") }]);
    expect([handler.mock.calls.length, middle.mock.calls.length]).toEqual([0, 0]);
  });

  // Fails when it is enough that `handler` was called once.
  it("a gated route that is registered a second time, without `handler`, answers 500 there", async () => {
    const { entitlements } = await createApp(1);
    const gated = gateRoute(route, entitlements, { resourceType: "quota:project", orgId: () => "acme" });
    const refused: RequestInit = { method: "PUT", headers: JSON_BODY, body: "{}" };
    const asked: RequestInit = { ...refused, body: JSON.stringify({ name: "Apollo" }) };
    const app = new OpenAPIHono();
    app.openapi(
      gated,
      gated.handler((c) => c.json({ id: "1", name: "Apollo" }, 201)),
    );
    const open = new OpenAPIHono();
    const reported: unknown[] = [];
    open.onError(entitlementsErrorHandler({ onError: (error) => reported.push(error) }));
    open.openapi(gated, (c) => c.json({ id: "1", name: "Apollo" }, 201));
    const parent = new OpenAPIHono().route("/rightly", app).route("/open", open);
    expect((await parent.request("/open/orgs/acme/projects/1", asked)).status).toBe(500);
    expect(reported).toMatchObject([{ message: expect.stringContaining("gated.handler(async (c) => …)") }]);
    expect((await parent.request("/open/orgs/acme/projects/1", refused)).status).toBe(400);
    expect((await parent.request("/rightly/orgs/acme/projects/1", asked)).status).toBe(201);
  });

  it("a middleware of the route may answer by itself, and something may wrap the handler", async () => {
    const { entitlements, count } = await createApp(3);
    const repeated: MiddlewareHandler = async (c, next) =>
      c.req.header("Repeated") ? c.json({ id: "1", name: "Apollo" }, 201) : next();
    const gated = gateRoute({ ...route, middleware: [repeated] as const }, entitlements, {
      resourceType: "quota:project",
      orgId: () => "acme",
    });
    const handler = gated.handler((c) => c.json({ id: "1", name: "Apollo" }, 201));
    const app = new OpenAPIHono();
    app.openapi(gated, handler);
    const wrapped = new OpenAPIHono();
    wrapped.openapi(gated, (c, next) => handler(c, next));
    const put = (on: OpenAPIHono, headers: Record<string, string>) =>
      on.request("/orgs/acme/projects/1", {
        method: "PUT",
        headers: { ...JSON_BODY, ...headers },
        body: JSON.stringify({ name: "Apollo" }),
      });
    expect((await put(app, { Repeated: "yes" })).status).toBe(201);
    expect((await put(app, {})).status).toBe(201);
    expect((await put(wrapped, {})).status).toBe(201);
    expect(await count("acme")).toBe(2);
  });
});
