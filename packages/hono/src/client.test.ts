import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { expect, it, onTestFinished, vi } from "vitest";
import { listen } from "./fixtures/listen.ts";
import { holdLock, step } from "./fixtures/projects-app.ts";
import { onEachStorage } from "./fixtures/storages.ts";
import { requireEntitlement } from "./index.ts";

/** A client that sends its request as slowly as it likes. */
async function client(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  onTestFinished(() => void socket.destroy());
  return socket;
}

onEachStorage((storage) => {
  async function createApp() {
    const host = await storage.open({ lockTimeoutMs: 8_000 });
    const statuses: number[] = [];
    const thrown: unknown[] = [];
    const app = new Hono();
    app.onError((error, c) => {
      if (error instanceof HTTPException) return error.getResponse();
      thrown.push(error);
      return c.text("failed", 500);
    });
    app.use(async (c, next) => {
      await next();
      statuses.push(c.res.status);
    });
    const gate = requireEntitlement(host.entitlements, { resourceType: "quota:project", orgId: () => "acme" });
    return { ...host, app, gate, statuses, thrown };
  }

  it("a real server: the answer has the length and the type of the problem", async () => {
    const { app, gate, entitlements } = await createApp();
    await entitlements.setLimit({ orgId: "acme", resourceType: "quota:project", limit: 0 });
    app.post("/projects", gate, (c) => c.json({}, 201));
    const { url } = await listen(app);
    const answer = await fetch(`${url}/projects`, { method: "POST", body: "{}" });
    const text = await answer.text();
    expect([answer.status, answer.headers.get("Content-Length")]).toEqual([402, String(text.length)]);
    expect(answer.headers.get("Content-Type")).toBe("application/problem+json");
  });

  // Fails when the signal is not handed on: the request stays in the queue for the lock and its handler runs after all.
  it("a client that goes away while it waits for the lock claims nothing", async () => {
    const host = await createApp();
    const { app, gate, statuses, thrown } = host;
    const handler = vi.fn(() => new Response(null, { status: 201 }));
    app.post("/projects", gate, handler);
    const { url } = await listen(app);
    const letGo = await holdLock(host);
    const leaving = new AbortController();
    const request = fetch(`${url}/projects`, { method: "POST", signal: leaving.signal });
    await setTimeout(300);
    leaving.abort();
    await expect(request).rejects.toThrow();
    await vi.waitFor(() => expect(statuses).toEqual([499]), 10_000);
    await letGo();
    await setTimeout(100);
    expect([handler.mock.calls.length, thrown]).toEqual([0, []]);
  });

  it("a client that goes away while its handler runs has its write committed", async () => {
    const { app, gate, insert, count, statuses } = await createApp();
    const inside = step();
    const finish = step();
    app.post("/projects", gate, async (c) => {
      await insert(c.var.tx, { id: "1", orgId: "acme", name: "Apollo" });
      inside.reach();
      await finish.reached;
      return c.json({}, 201);
    });
    const { url } = await listen(app);
    const leaving = new AbortController();
    const request = fetch(`${url}/projects`, { method: "POST", signal: leaving.signal });
    await inside.reached;
    leaving.abort();
    await expect(request).rejects.toThrow();
    await setTimeout(100);
    finish.reach();
    await vi.waitFor(() => expect(statuses).toEqual([201]), 10_000);
    expect(await count("acme")).toBe(1);
  });

  // Fails when the body is not received first: the slow client holds the lock, and the quick one gets 503.
  it("a client that is slow to send its body keeps nobody waiting", async () => {
    const { app, gate, insert, count } = await createApp();
    app.post("/projects", gate, async (c) => {
      const { id }: { id: string } = await c.req.json();
      await insert(c.var.tx, { id, orgId: "acme", name: "Apollo" });
      return c.json({ id }, 201);
    });
    const { url, port } = await listen(app);
    const slow = await client(port);
    slow.write("POST /projects HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n");
    slow.write('{"id":"s');
    await setTimeout(200);
    const quick = await fetch(`${url}/projects`, { method: "POST", body: '{"id":"quick"}' });
    expect([quick.status, await count("acme")]).toEqual([201, 1]);
    slow.write('low"}');
    const [answer] = await once(slow, "data");
    expect(String(answer)).toMatch(/^HTTP\/1.1 201 /);
    expect(await count("acme")).toBe(2);
  });

  it("a client that goes away in the middle of its body claims nothing and is no error of ours", async () => {
    const { app, gate, statuses, thrown } = await createApp();
    const handler = vi.fn(() => new Response(null, { status: 201 }));
    app.post("/projects", gate, handler);
    const { port } = await listen(app);
    const slow = await client(port);
    slow.write("POST /projects HTTP/1.1\r\nHost: x\r\nContent-Length: 13\r\n\r\n{");
    await setTimeout(200);
    slow.destroy();
    await vi.waitFor(() => expect(statuses).toEqual([499]), 10_000);
    expect([handler.mock.calls.length, thrown]).toEqual([0, []]);
  });

  it.each(["json", "text", "formData", "raw"] as const)("the body is read as ever afterwards: %s", async (how) => {
    const { app, gate } = await createApp();
    app.use(bodyLimit({ maxSize: 1_000 }));
    app.post("/projects", gate, async (c) => {
      if (how === "formData") return c.text(String((await c.req.formData()).get("name")), 201);
      if (how === "json") return c.text((await c.req.json()).name, 201);
      const text = how === "raw" ? await c.req.raw.text() : await c.req.text();
      return c.text(JSON.parse(text).name, 201);
    });
    const { url } = await listen(app);
    const form = new FormData();
    form.set("name", "Apollo");
    const body = how === "formData" ? form : JSON.stringify({ name: "Apollo" });
    const answer = await fetch(`${url}/projects`, { method: "POST", body });
    expect([answer.status, await answer.text()]).toEqual([201, "Apollo"]);
    const long = await fetch(`${url}/projects`, { method: "POST", body: "x".repeat(2_000) });
    expect(long.status).toBe(413);
  });
});
