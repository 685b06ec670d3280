import { usageResponseSchema } from "@x/entitlements-core/wire";
import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { secureHeaders } from "hono/secure-headers";
import { expect, it } from "vitest";
import { fill } from "./fixtures/projects-app.ts";
import { onEachStorage } from "./fixtures/storages.ts";
import { usageHandler } from "./index.ts";

type AppEnv = { Variables: { session: { org: string } | null } };

onEachStorage((storage) => {
  async function createApp() {
    const host = await storage.open();
    await fill(host, 2);
    await fill(host, 3, "globex");
    const app = new Hono<AppEnv>();
    app.use(secureHeaders(), async (c, next) => {
      const org = c.req.header("Authorization");
      c.set("session", org === undefined ? null : { org });
      await next();
    });
    app.all(
      "/entitlements",
      usageHandler(host.entitlements, {
        authorize(c: Context<AppEnv>) {
          if (c.var.session === null) throw new HTTPException(401, { message: "Sign in." });
          if (c.var.session.org === "elsewhere") return c.redirect("https://eu.example/entitlements");
          return c.var.session.org === "none" ? null : { orgId: c.var.session.org };
        },
      }),
    );
    return (org: string | null, init: RequestInit = {}, query = "") =>
      app.request(`/entitlements${query}`, {
        ...init,
        headers: { ...init.headers, ...(org === null ? {} : { Authorization: org }) },
      });
  }

  it("answers the organisation of the session, measured as enforcement measures", async () => {
    const ask = await createApp();
    const answer = await ask("acme", {}, "?orgId=globex");
    expect([answer.status, answer.headers.get("Cache-Control")]).toEqual([200, "private, no-cache"]);
    expect(answer.headers.get("X-Content-Type-Options")).toBe("nosniff");
    const body = usageResponseSchema.parse(await answer.json());
    expect(body.orgId).toBe("acme");
    expect(body.entitlements[0]).toEqual({
      resourceType: "quota:project",
      label: "Projects",
      kind: "count",
      limit: 2,
      current: 2,
      reserved: 0,
      remaining: 0,
      status: "at",
      resetsAt: null,
    });
  });

  it("answers 304 for what the client has already, HEAD without a body, and 405 for writes", async () => {
    const ask = await createApp();
    const etag = (await ask("acme")).headers.get("ETag") ?? "";
    expect((await ask("acme", { headers: { "If-None-Match": etag } })).status).toBe(304);
    expect((await ask("globex", { headers: { "If-None-Match": etag } })).status).toBe(200);
    const head = await ask("acme", { method: "HEAD" });
    expect([head.status, head.headers.get("ETag"), await head.text()]).toEqual([200, etag, ""]);
    const written = await ask("acme", { method: "POST" });
    expect([written.status, written.headers.get("Allow")]).toEqual([405, "GET, HEAD"]);
  });

  it("answers as `authorize` says: an HTTPException, a Response, or 403 for null, and no counts", async () => {
    const ask = await createApp();
    const answers = [await ask(null), await ask("elsewhere"), await ask("none")];
    expect(answers.map(({ status }) => status)).toEqual([401, 302, 403]);
    for (const answer of answers) expect(await answer.text()).not.toMatch(/acme|globex|"current"/);
  });
});

it("an `authorize` that breaks is a 500 that says nothing, and is reported", async () => {
  const reported: unknown[] = [];
  const app = new Hono();
  const usage = async () => [];
  const broken = new Error("select secret");
  app.get(
    "/entitlements",
    usageHandler({ usage }, { authorize: () => Promise.reject(broken), onError: (error) => reported.push(error) }),
  );
  const answer = await app.request("/entitlements");
  expect([answer.status, reported]).toEqual([500, [broken]]);
  expect(await answer.text()).not.toContain("secret");
});
