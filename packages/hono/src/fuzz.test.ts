import { once } from "node:events";
import { connect } from "node:net";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import fc from "fast-check";
import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { validator } from "hono/validator";
import { afterEach, expect, it, vi } from "vitest";
import type { Host } from "./fixtures/host.ts";
import { listen } from "./fixtures/listen.ts";
import { fill } from "./fixtures/projects-app.ts";
import { sqlite } from "./fixtures/sqlite.ts";
import { onEachStorage } from "./fixtures/storages.ts";
import { entitlementsErrorHandler, requireEntitlement, usageHandler } from "./index.ts";
import { gateRoute } from "./zod-openapi.ts";

type AppEnv = { Variables: { member: string } };

const name = z.string().regex(/^[^\p{Cc}\p{Cs}]{1,100}$/u);
const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

/** Every way into a gate at once: its own middleware, a documented route, the usage endpoint, an organisation of the request. */
function everyRoute<Tx>(host: Host<Tx>, reported: unknown[]): OpenAPIHono<AppEnv> {
  const { entitlements, find, insert, rename } = host;
  const app = new OpenAPIHono<AppEnv>();
  const onError = (error: unknown) => reported.push(error);
  app.onError(entitlementsErrorHandler({ onError }));
  app.use("/orgs/:org/*", async (c, next) => {
    // Everybody is a member of acme, and of nothing else.
    if (c.req.param("org") !== "acme") throw new HTTPException(404, { message: "There is no such organisation." });
    c.set("member", "acme");
    await next();
  });
  const orgId = (c: Context<AppEnv>) => c.var.member;

  const plain = new Hono<AppEnv>();
  plain.post(
    "/plain",
    validator("json", (value, c) => name.safeParse(Object(value).name).data ?? c.json({ name: "is wrong" }, 422)),
    requireEntitlement(entitlements, { resourceType: "quota:project", orgId }),
    async (c) => {
      await insert(c.var.tx, { id: crypto.randomUUID(), orgId: "acme", name: c.req.valid("json") });
      return c.json({}, 201);
    },
  );
  // The organisation and the amount as they are sent: the gate itself has to tell what is none.
  plain.post(
    "/own",
    requireEntitlement(entitlements, {
      resourceType: "quota:api_key",
      orgId: (c) => c.req.header("X-Org") ?? c.req.query("org") ?? "",
      amount: (c) => Number(c.req.query("amount") ?? 1),
    }),
    (c) => c.json({}, 201),
  );
  app.route("/orgs/:org", plain);

  const body = z.object({ name });
  const route = createRoute({
    method: "put",
    path: "/orgs/{org}/projects/{id}",
    request: { params: z.object({ id }), body: { required: true, content: { "application/json": { schema: body } } } },
    responses: { 200: { description: "Changed" }, 201: { description: "Made" } },
  });
  const gated = gateRoute(route, entitlements, {
    resourceType: "quota:project",
    orgId,
    when: async (c, tx) => (await find(tx, c.req.param("id") ?? "")) === null,
  });
  app.openapi(
    gated,
    gated.handler(async (c) => {
      const project = { id: c.req.valid("param").id, orgId: "acme", name: c.req.valid("json").name };
      await (c.var.grant.claims.length > 0 ? insert : rename)(c.var.tx, project);
      return c.json({}, 201);
    }),
  );
  app.all(
    "/orgs/:org/entitlements",
    usageHandler<AppEnv>(entitlements, { authorize: (c) => ({ orgId: orgId(c) }), onError }),
  );
  return app;
}

const nasty = fc.constantFrom(
  "'; drop table project; --",
  "\u0000",
  "%00",
  "%2e%2e%2f",
  "..%2fglobex",
  "%ZZ",
  "%",
  "acme%2F..%2Fglobex",
  "globex",
  "__proto__",
  "constructor",
  "\ud800",
  "١٢",
  "a".repeat(300),
  "1e999",
  "-1",
  "NaN",
  "9007199254740993",
  "[object Object]",
  "🦄",
);
const text = fc.oneof(nasty, fc.string({ unit: "binary", maxLength: 40 }), fc.string({ maxLength: 40 }));
const segment = fc.oneof(text, text.map(encoded), fc.constantFrom("acme", "new-1"));

/** Percent-encoded where that is possible: halves of surrogate pairs have no encoding. */
function encoded(value: string): string {
  return encodeURIComponent(value.replaceAll(/\p{Cs}/gu, "?"));
}

const path = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("/orgs/acme/plain", "/orgs/acme/entitlements") },
  { weight: 4, arbitrary: segment.map((one) => `/orgs/acme/projects/${one}`) },
  {
    weight: 3,
    arbitrary: fc.tuple(segment, segment).map(([org, amount]) => `/orgs/acme/own?org=${org}&amount=${amount}`),
  },
  { weight: 2, arbitrary: fc.tuple(segment, segment).map(([org, one]) => `/orgs/${org}/projects/${one}`) },
  { weight: 1, arbitrary: fc.tuple(segment, segment).map(([org, one]) => `/orgs/${org}/${one}`) },
);

const value = fc.oneof(text, fc.jsonValue(), fc.constantFrom("Apollo", null, 7, {}, [], "nobody"));
const body = fc.oneof(
  { weight: 4, arbitrary: fc.constant('{"name":"Apollo"}') },
  { weight: 4, arbitrary: fc.record({ name: value }).map((one) => JSON.stringify(one)) },
  { weight: 1, arbitrary: fc.jsonValue().map((one) => JSON.stringify(one)) },
  { weight: 1, arbitrary: text },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('{"name":"Apollo"', '{"name":"a","name":7}', '{"__proto__":{"name":"x"}}', "", "null"),
  },
);

const headerValue = fc.string({
  unit: fc.integer({ min: 32, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 40,
});
const headers = fc.record(
  {
    "Content-Type": fc.oneof(
      { weight: 6, arbitrary: fc.constant("application/json") },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          "application/json; charset=utf-16",
          "text/plain",
          "multipart/form-data",
          "application/xml",
        ),
      },
      { weight: 1, arbitrary: headerValue },
    ),
    "Content-Encoding": fc.constantFrom("gzip", "br", "identity", "x"),
    "Accept-Encoding": headerValue,
    "If-None-Match": fc.oneof(headerValue, fc.constantFrom("*", '"', "W/", ",,,")),
    "X-Org": fc.oneof(headerValue, fc.constantFrom("globex", "acme")),
    "X-Forwarded-Host": headerValue,
    Cookie: headerValue,
    Range: fc.constantFrom("bytes=0-1", "bytes=-"),
  },
  { requiredKeys: [] },
);

const method = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("POST", "PUT") },
  { weight: 2, arbitrary: fc.constantFrom("GET", "HEAD", "OPTIONS", "DELETE", "PATCH", "QUERY") },
);

/** What no body and no header may have: SQL, a stack, what an error tells developers, another organisation's count, a place on the disk. */
const LEAKS =
  /\b(select|insert into|update project|sqlite|constraint failed|org_entitlement|org_usage)\b|setLimit\(|Nothing was written|\bat .+:\d+:\d+|node_modules|\.ts\b|43214321|\/tmp\//i;

afterEach(() => void vi.restoreAllMocks());

onEachStorage((storage) => {
  // Fails when a body has the message of an error in place of its problem: that names the organisation and what to call.
  it("2,500 requests of any kind: no 5xx, nothing of the inside, nothing of another organisation, no row too many", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const host = await storage.open();
    // Another organisation's numbers, so that they would be recognised.
    await host.entitlements.setLimit({ orgId: "globex", resourceType: "quota:project", limit: 43214321 });
    await fill(host, 2, "umbrella");
    await host.entitlements.setLimit({ orgId: "acme", resourceType: "quota:project", limit: 5 });
    const reported: unknown[] = [];
    const app = everyRoute(host, reported);
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(method, path, headers, body, async (verb, where, head, sent) => {
        const request = requestOf(verb, where, head, sent);
        if (request === null) return;
        const answer = await app.request(request);
        const told = `${await answer.text()}\n${JSON.stringify([...answer.headers])}`;
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        expect(reported).toEqual([]);
        expect(answer.status).toBeLessThan(500);
        expect(told).not.toMatch(LEAKS);
        // What the request itself says of another organisation may be said back; what the server knows of it may not.
        if (!JSON.stringify([where, head]).includes("umbrella")) expect(told).not.toContain("umbrella");
      }),
      { numRuns: 2_500 },
    );
    expect(log).not.toHaveBeenCalled();
    expect(await host.count("acme")).toBe(5);
    expect([await host.count("globex"), await host.count("umbrella")]).toEqual([0, 2]);
    // It reached all that it was meant to: made, unchanged, refused in each way.
    expect([...statuses.keys()].sort()).toEqual(expect.arrayContaining([200, 201, 400, 402, 404, 405, 415, 422]));
    expect(statuses.get(201)).toBeGreaterThan(5);
  });
});

/** null for what cannot even be a request. */
function requestOf(
  verb: string,
  where: string,
  head: Readonly<Record<string, string | undefined>>,
  sent: string | Uint8Array<ArrayBuffer>,
): Request | null {
  const given = Object.entries(head).flatMap(([one, said]) =>
    said === undefined ? [] : [[one, said.trim()] as const],
  );
  const bodyless = verb === "GET" || verb === "HEAD";
  try {
    return new Request(`http://app.example${where}`, {
      method: verb,
      headers: Object.fromEntries(given),
      ...(bodyless ? {} : { body: sent }),
    });
  } catch {
    return null;
  }
}

it("300 requests whose bytes are not even proper HTTP: no 5xx and nothing of the inside", async () => {
  const host = await sqlite.open();
  const reported: unknown[] = [];
  const { port } = await listen(everyRoute(host, reported));
  const line = fc.string({
    unit: fc.integer({ min: 33, max: 255 }).map((code) => String.fromCharCode(code)),
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(line, line, fc.uint8Array({ maxLength: 30 }), async (tail, header, bytes) => {
      const socket = connect(port, "127.0.0.1");
      let answer = "";
      socket.on("data", (data) => {
        answer += data.toString("latin1");
      });
      // A server may hang up on such a client at any time.
      socket.on("error", () => undefined);
      const head = `PUT /orgs/acme/projects/${tail} HTTP/1.1\r\nHost: x\r\nX-Org: ${header}\r\nContent-Type: application/json\r\n`;
      socket.write(Buffer.from(`${head}Connection: close\r\nContent-Length: ${bytes.length}\r\n\r\n`, "latin1"));
      socket.end(bytes);
      await once(socket, "close");
      expect(answer).toMatch(/^HTTP\/1\.1 [1234]\d\d /);
      expect(answer).not.toMatch(LEAKS);
      expect(reported).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
