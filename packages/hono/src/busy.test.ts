import { Hono } from "hono";
import { expect, it, vi } from "vitest";
import { holdLock, projectsApp } from "./fixtures/projects-app.ts";
import { onEachStorage } from "./fixtures/storages.ts";
import { requireEntitlement } from "./index.ts";

const post = { method: "POST" };

onEachStorage((storage) => {
  it("who does not get the lock in time is asked to come again", async () => {
    const host = await storage.open({ lockTimeoutMs: 1_000 });
    const letGo = await holdLock(host);
    const answer = await projectsApp(host).request("/projects", post);
    expect(answer.status).toBe(503);
    expect(Object.fromEntries(answer.headers)).toEqual({
      "cache-control": "no-store",
      "content-type": "application/problem+json",
      "retry-after": "1",
    });
    expect(await answer.json()).toMatchObject({ code: "ENTITLEMENT_LOCK_TIMEOUT", instance: "/projects" });
    await letGo();
    expect(await host.count("acme")).toBe(0);
  });

  it("a handler that keeps the lock too long is answered for, and undone", async () => {
    const host = await storage.open({ transactionTimeoutMs: 200 });
    const app = new Hono();
    const gate = requireEntitlement(host.entitlements, { resourceType: "quota:project", orgId: () => "acme" });
    let finished: Promise<unknown> = Promise.resolve();
    app.post("/projects", gate, async (c) => {
      await host.insert(c.var.tx, { id: "1", orgId: "acme", name: "Apollo" });
      c.header("Set-Cookie", "made=1");
      finished = new Promise((resume) => setTimeout(resume, 600));
      await finished;
      return c.json({}, 201);
    });
    const answer = await app.request("/projects", post);
    expect([answer.status, answer.headers.get("Set-Cookie")]).toEqual([503, null]);
    await finished;
    expect([await host.count("acme"), answer.status]).toEqual([0, 503]);
  });

  it("while a limit is set the request waits, and then counts", async () => {
    const host = await storage.open();
    const letGo = await holdLock(host);
    const answer = projectsApp(host).request("/projects", post);
    const lowered = host.entitlements.setLimit({ orgId: "acme", resourceType: "quota:project", limit: 0 });
    await letGo();
    await lowered;
    const { status } = await answer;
    expect(await host.count("acme")).toBe(status === 201 ? 1 : 0);
    expect((await projectsApp(host).request("/projects", post)).status).toBe(402);
  });

  it("a handler's own conflict behind an error that it lets out is no second run", async () => {
    const host = await storage.open();
    const app = new Hono();
    app.onError((error, c) => c.text(error.message, 500));
    const gate = requireEntitlement(host.entitlements, { resourceType: "quota:project", orgId: () => "acme" });
    const handler = vi.fn(() => {
      throw new Error("mine");
    });
    app.post("/projects", gate, handler);
    const answer = await app.request("/projects", post);
    expect([answer.status, await answer.text(), handler.mock.calls.length]).toEqual([500, "mine", 1]);
  });
});
