import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import { HTTPException } from "hono/http-exception";
import { stream } from "hono/streaming";
import { expect, it, vi } from "vitest";
import { step } from "./fixtures/projects-app.ts";
import { onEachStorage } from "./fixtures/storages.ts";
import { entitlementsErrorHandler, requireEntitlement } from "./index.ts";

const post = { method: "POST" };
const apollo = { id: "1", orgId: "acme", name: "Apollo" };

onEachStorage((storage) => {
  async function createApp() {
    const host = await storage.open();
    await host.entitlements.setLimit({ orgId: "acme", resourceType: "quota:project", limit: 5 });
    const gate = requireEntitlement(host.entitlements, { resourceType: "quota:project", orgId: () => "acme" });
    return { ...host, gate, app: new Hono() };
  }

  it("a handler that throws undoes its write, and its own error goes out", async () => {
    const { app, gate, insert, count } = await createApp();
    app.post("/projects", gate, async (c) => {
      await insert(c.var.tx, apollo);
      throw new HTTPException(409, { message: "Not today." });
    });
    const answer = await app.request("/projects", post);
    expect([answer.status, await answer.text()]).toEqual([409, "Not today."]);
    expect(await count("acme")).toBe(0);
  });

  it("a handler that throws what is no Error undoes its write as well", async () => {
    const { app, gate, insert, count } = await createApp();
    app.post("/projects", gate, async (c) => {
      await insert(c.var.tx, apollo);
      throw "no error";
    });
    await expect(app.request("/projects", post)).rejects.toBe("no error");
    expect(await count("acme")).toBe(0);
  });

  it("an error that app.onError answers with 200 undoes the write all the same", async () => {
    const { app, gate, insert, count } = await createApp();
    app.onError((_error, c) => c.text("never mind", 200));
    app.post("/projects", gate, async (c) => {
      await insert(c.var.tx, apollo);
      throw new Error("lost");
    });
    expect((await app.request("/projects", post)).status).toBe(200);
    expect(await count("acme")).toBe(0);
  });

  it.each([400, 404, 422, 500] as const)(
    "an answer of %i undoes the write, and goes out as the handler made it",
    async (status) => {
      const { app, gate, insert, count } = await createApp();
      app.post("/projects", gate, async (c) => {
        await insert(c.var.tx, apollo);
        return c.json({ why: "because" }, status, { "X-Why": "because" });
      });
      const answer = await app.request("/projects", post);
      expect([answer.status, await answer.json(), answer.headers.get("X-Why")]).toEqual([
        status,
        { why: "because" },
        "because",
      ]);
      expect(await count("acme")).toBe(0);
    },
  );

  it.each([200, 201, 302, 303] as const)("an answer of %i commits", async (status) => {
    const { app, gate, insert, count } = await createApp();
    app.post("/projects", gate, async (c) => {
      await insert(c.var.tx, apollo);
      return c.body(null, status, { Location: "/projects/1" });
    });
    const answer = await app.request("/projects", post);
    expect([answer.status, answer.headers.get("Location")]).toEqual([status, "/projects/1"]);
    expect(await count("acme")).toBe(1);
  });

  it("a route without a handler is a 404 that claims nothing", async () => {
    const { app, gate, entitlements } = await createApp();
    app.use("/keys/*", requireEntitlement(entitlements, { resourceType: "quota:api_key", orgId: () => "acme" }));
    app.use("/projects", gate);
    expect((await app.request("/keys/new", post)).status).toBe(404);
    expect((await app.request("/projects", post)).status).toBe(404);
    expect(await entitlements.check({ orgId: "acme", resourceType: "quota:api_key" })).toMatchObject({ current: 0 });
  });

  it("a handler that answers nothing undoes its write: Hono makes a 500 of it", async () => {
    const { app, gate, insert, count } = await createApp();
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    app.post("/projects", gate, async (c) => {
      await insert(c.var.tx, apollo);
      const nothing: Response[] = [];
      return nothing[0] ?? JSON.parse("null");
    });
    expect((await app.request("/projects", post)).status).toBe(500);
    log.mockRestore();
    expect(await count("acme")).toBe(0);
  });

  it("middleware between gate and handler is inside the transaction, and what it answers counts", async () => {
    const { app, gate, insert, count } = await createApp();
    app.post(
      "/projects",
      gate,
      async (c, next) => {
        await next();
        c.res = new Response("changed my mind", { status: 403 });
      },
      async (c) => {
        await insert(c.var.tx, apollo);
        return c.json({}, 201);
      },
    );
    expect((await app.request("/projects", post)).status).toBe(403);
    expect(await count("acme")).toBe(0);
  });

  it("the response leaves only after the COMMIT", async () => {
    const { app, gate, insert, count } = await createApp();
    const seen: number[] = [];
    app.use(async (_c, next) => {
      await next();
      seen.push(await count("acme"));
    });
    app.post("/projects", gate, async (c) => {
      await insert(c.var.tx, apollo);
      seen.push(await count("acme"));
      return c.json({}, 201);
    });
    await app.request("/projects", post);
    expect(seen).toEqual([0, 1]);
  });

  it("the grant tells what is left, and neither it nor the transaction is there before or after", async () => {
    const { app, gate } = await createApp();
    const seen: unknown[] = [];
    app.use(async (c: Context, next) => {
      seen.push([c.get("tx"), c.get("grant")]);
      await next();
      seen.push([c.get("tx"), c.get("grant")]);
    });
    app.post("/projects", gate, (c) => c.json(c.var.grant, 201));
    const answer = await app.request("/projects", post);
    expect(await answer.json()).toEqual({
      attempt: 1,
      claims: [{ resourceType: "quota:project", amount: 1, current: 0, limit: 5, remaining: 4 }],
    });
    expect(seen).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  it("a stream is answered after the COMMIT, and its body has no transaction", async () => {
    const { app, gate, insert, count } = await createApp();
    const answered = step();
    const seen: unknown[] = [];
    app.post("/projects", gate, async (c) => {
      await insert(c.var.tx, apollo);
      return stream(c, async (body) => {
        await answered.reached;
        seen.push(c.get("tx"), await count("acme"));
        await body.write("made");
      });
    });
    const answer = await app.request("/projects", post);
    answered.reach();
    expect(await answer.text()).toBe("made");
    expect(seen).toEqual([undefined, 1]);
  });

  it.each([
    ["Hono's own", (app: Hono) => app],
    ["ours", (app: Hono) => app.onError(entitlementsErrorHandler())],
  ])(
    "a refused request runs nothing after the gate, and keeps the headers of the middleware before it: error handler %s",
    async (_name, handleErrors) => {
      const { app, gate, entitlements } = await createApp();
      handleErrors(app);
      await entitlements.setLimit({ orgId: "acme", resourceType: "quota:project", limit: 0 });
      const handler = vi.fn(() => new Response());
      app.use(cors({ origin: "https://app.example" }), async (c, next) => {
        c.header("X-Request-Id", "7");
        c.header("Cache-Control", "public, max-age=60");
        await next();
      });
      app.post("/projects", gate, handler);
      const answer = await app.request("/projects", { ...post, headers: { Origin: "https://app.example" } });
      expect(answer.status).toBe(402);
      expect(Object.fromEntries(answer.headers)).toEqual({
        "access-control-allow-origin": "https://app.example",
        "cache-control": "no-store",
        "content-type": "application/problem+json",
        "x-request-id": "7",
        vary: "Origin",
      });
      expect(handler).not.toHaveBeenCalled();
    },
  );

  it("an error of the SQL that a handler hides does not become a success", async () => {
    const { app, gate, insert, count } = await createApp();
    app.onError((_error, c) => c.text("failed", 500));
    app.post("/projects", gate, async (c) => {
      await insert(c.var.tx, apollo);
      await insert(c.var.tx, apollo).catch(() => undefined);
      return c.json({}, 201, { Location: "/projects/1" });
    });
    const answer = await app.request("/projects", post);
    // PostgreSQL refuses to commit after a failed statement; SQLite undoes the statement alone.
    const committed = answer.status === 201;
    expect(await count("acme")).toBe(committed ? 1 : 0);
    expect(answer.headers.has("Location")).toBe(committed);
    expect(committed).toBe(storage.name === "SQLite");
  });
});
