import { Hono } from "hono";
import { cors } from "hono/cors";
import { HTTPException } from "hono/http-exception";
import { stream } from "hono/streaming";
import { describe, expect, it, vi } from "vitest";
import type { Host } from "./fixtures/host.ts";
import { postgres } from "./fixtures/postgres.ts";
import { onEachStorage } from "./fixtures/storages.ts";
import { entitlementsErrorHandler, requireEntitlement } from "./index.ts";

const request = { method: "POST", headers: { Origin: "https://app.example" } };

/** An application whose handler says everything that must not be said when the COMMIT fails. */
function boastful<Tx>({ entitlements }: Host<Tx>, write: (tx: Tx) => Promise<void>) {
  const app = new Hono();
  const handler = vi.fn();
  app.use(cors({ origin: "https://app.example" }), async (c, next) => {
    c.header("X-Request-Id", "7");
    await next();
  });
  const gate = requireEntitlement(entitlements, { resourceType: "quota:project", orgId: () => "acme" });
  app.post("/projects", gate, async (c) => {
    handler();
    await write(c.var.tx);
    c.status(201);
    c.header("Set-Cookie", "made=1");
    c.header("Location", "/projects/1");
    c.header("Cache-Control", "max-age=60");
    return c.json({ made: true }, { headers: { ETag: '"1"', "Content-Length": "13" } });
  });
  return { app, handler };
}

/** Ends the connection during the COMMIT: nobody can know whether it has taken effect. */
const KILL_AT_COMMIT = `create function end_it() returns trigger language plpgsql as
    $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
  create constraint trigger ended after insert on project deferrable initially deferred
    for each row execute function end_it()`;

/** Says once that the transaction could not be serialised, when it is committed. */
const CONFLICT_AT_COMMIT = `create function conflict() returns trigger language plpgsql as
    $$ begin raise exception 'not this time' using errcode = '40001'; end $$;
  create constraint trigger conflicting after insert on project deferrable initially deferred
    for each row execute function conflict()`;

const kept = { "access-control-allow-origin": "https://app.example", vary: "Origin", "x-request-id": "7" };

onEachStorage((storage) => {
  it("a COMMIT that a constraint refuses takes back what the handler answered, with its headers and its status", async () => {
    const host = await storage.open();
    const { app } = boastful(host, (tx) => host.insert(tx, { id: "1", orgId: "acme", name: "nobody's" }));
    const seen: unknown[] = [];
    app.onError((error, c) => {
      seen.push(error.message);
      return c.text("failed");
    });
    const answer = await app.request("/projects", request);
    // The host's own constraint failed, so the error is the driver's and the host's to answer.
    expect([answer.status, await answer.text()]).toEqual([500, "failed"]);
    expect(Object.fromEntries(answer.headers)).toEqual({ ...kept, "content-type": "text/plain; charset=UTF-8" });
    expect(seen).toEqual([expect.stringMatching(/foreign key/i)]);
    expect(await host.count("acme")).toBe(0);
  });
});

it("a stream that is answered with before a COMMIT that fails hears that nobody reads it", async () => {
  const host = await postgres.open();
  await host.run(KILL_AT_COMMIT);
  const app = new Hono();
  const gate = requireEntitlement(host.entitlements, { resourceType: "quota:project", orgId: () => "acme" });
  const heard = vi.fn();
  app.post("/projects", gate, async (c) => {
    await host.insert(c.var.tx, { id: "1", orgId: "acme", name: "Apollo" });
    return stream(c, async (body) => {
      body.onAbort(heard);
      while (!body.aborted) await body.sleep(5);
    });
  });
  expect((await app.request("/projects", request)).status).toBe(503);
  await vi.waitFor(() => expect(heard).toHaveBeenCalledOnce());
});

const bareHandler = () => undefined;
const withHandler = (app: Hono) => app.onError(entitlementsErrorHandler({ onError: () => undefined }));
const withRawHandler = (app: Hono) =>
  app.onError((error) =>
    error instanceof HTTPException ? error.getResponse() : new Response("failed", { status: 500 }),
  );

describe.each([
  ["without an error handler", bareHandler],
  ["with entitlementsErrorHandler", withHandler],
  ["with a handler that returns a bare Response", withRawHandler],
])("on PostgreSQL, %s", (_name, handleErrors) => {
  async function answerWhere(sql: string) {
    const host = await postgres.open();
    await host.run(sql);
    const { app, handler } = boastful(host, (tx) => host.insert(tx, { id: "1", orgId: "acme", name: "Apollo" }));
    handleErrors(app);
    const answer = await app.request("/projects", request);
    expect(Object.fromEntries(answer.headers)).toEqual({
      ...kept,
      "cache-control": "no-store",
      "content-type": "application/problem+json",
      "retry-after": "1",
    });
    expect(answer.status).toBe(503);
    expect(handler).toHaveBeenCalledTimes(1);
    expect(await host.count("acme")).toBe(0);
    return answer.json();
  }

  it("a COMMIT whose connection dies is a 503 that says so, and nothing of what the handler answered", async () => {
    expect(await answerWhere(KILL_AT_COMMIT)).toMatchObject({ code: "ENTITLEMENT_STORAGE", outcome: "unknown" });
  });

  // Fails when the gate runs `next` again: Hono throws "next() called multiple times", a 500.
  it("a COMMIT that could not be serialised is a 503, and the handler has run once", async () => {
    expect(await answerWhere(CONFLICT_AT_COMMIT)).toMatchObject({ code: "ENTITLEMENT_TRANSACTION_CONFLICT" });
  });
});

it("a conflict of a handler's own statement is a 503, whatever was made of its error", async () => {
  const host = await postgres.open();
  await host.run(`create function clash() returns trigger language plpgsql as
      $$ begin raise exception 'not this time' using errcode = '40P01'; end $$;
    create trigger clashing after insert on project for each row execute function clash()`);
  const { app, handler } = boastful(host, (tx) => host.insert(tx, { id: "1", orgId: "acme", name: "Apollo" }));
  app.onError((error, c) => (error instanceof HTTPException ? error.getResponse() : c.text("mine", 500)));
  const answer = await app.request("/projects", request);
  expect([answer.status, answer.headers.get("Retry-After")]).toEqual([503, "1"]);
  expect(await answer.json()).toMatchObject({ code: "ENTITLEMENT_TRANSACTION_CONFLICT" });
  expect(handler).toHaveBeenCalledTimes(1);
});
