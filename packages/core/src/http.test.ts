import { beforeEach, describe, expect, test, vi } from "vitest";
import { createEntitlementsHandler, type EntitlementsHandlerOptions } from "./http.ts";
import { counter, createEntitlements, memoryAdapter } from "./index.ts";
import { parseProblem, usageResponseSchema } from "./wire.ts";

const entitlements = createEntitlements({
  adapter: memoryAdapter(),
  resources: { "seat:admin": counter({ label: "Admin seats" }), "quota:project": counter({ label: "Projects" }) },
});
const errors: unknown[] = [];
const secret = "postgres://root:hunter2@10.0.0.7/db";

/** A handler whose session is the request's `x-org` header, changed as a test wants it. */
function handler(options: Partial<EntitlementsHandlerOptions> = {}) {
  const authorize = (request: Request) => {
    const orgId = request.headers.get("x-org");
    return orgId === null ? null : { orgId };
  };
  return createEntitlementsHandler({ entitlements, authorize, onError: (error) => errors.push(error), ...options });
}

function get(init: RequestInit & { org?: string } = {}, path = "/api/entitlements"): Request {
  const { org = "acme", ...rest } = init;
  return new Request(`https://app.example.com${path}`, { ...rest, headers: { "x-org": org, ...rest.headers } });
}

beforeEach(async () => {
  errors.length = 0;
  for (const orgId of ["acme", "globex"]) await entitlements.forget({ orgId });
  await entitlements.setLimit({ orgId: "acme", resourceType: "seat:admin", limit: 2 });
  await entitlements.consume({ orgId: "acme", resourceType: "seat:admin", amount: 2 });
});

describe("GET", () => {
  test("answers with every entitlement of the organisation, in the order of definition", async () => {
    const response = await handler()(get());
    expect(response.status).toBe(200);
    expect(response.headers.get("Content-Type")).toBe("application/json");
    expect(response.headers.get("Cache-Control")).toBe("private, no-cache");
    const body = await response.json();
    expect(body).toEqual({
      orgId: "acme",
      entitlements: [
        {
          resourceType: "seat:admin",
          label: "Admin seats",
          kind: "count",
          limit: 2,
          current: 2,
          reserved: 0,
          remaining: 0,
          status: "at",
          resetsAt: null,
        },
        {
          resourceType: "quota:project",
          label: "Projects",
          kind: "count",
          limit: null,
          current: 0,
          reserved: 0,
          remaining: null,
          status: "unlimited",
          resetsAt: null,
        },
      ],
    });
    expect(usageResponseSchema.parse(body)).toEqual(body);
    expect(errors).toEqual([]);
  });

  test("takes the organisation from authorize and from nowhere else in the request", async () => {
    for (const path of [
      "/api/entitlements?orgId=globex",
      "/api/globex/entitlements",
      "/api/%2e%2e/globex",
      "/api/entitlements?org=globex#globex",
    ]) {
      expect(
        await (await handler()(get({ headers: { "x-organization": "globex", orgId: "globex" } }, path))).json(),
      ).toMatchObject({ orgId: "acme" });
    }
  });

  test("waits for an authorize that asks a database", async () => {
    const response = await handler({ authorize: async () => ({ orgId: "globex" }) })(get());
    expect(await response.json()).toMatchObject({ orgId: "globex" });
  });
});

test("HEAD answers with the same headers and no body", async () => {
  const [head, full] = [await handler()(get({ method: "HEAD" })), await handler()(get())];
  expect([head.status, await head.text()]).toEqual([200, ""]);
  expect([...head.headers]).toEqual([...full.headers]);
});

test.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])("%s is not allowed, and says what is", async (method) => {
  const authorize = vi.fn(() => ({ orgId: "acme" }));
  const response = await handler({ authorize })(get({ method }));
  expect([response.status, response.headers.get("Allow"), response.headers.get("Cache-Control")]).toEqual([
    405,
    "GET, HEAD",
    "no-store",
  ]);
  expect(parseProblem(await response.json())).toEqual({
    type: "urn:entitlements:problem:method-not-allowed",
    title: "Method Not Allowed",
    status: 405,
    code: "ENTITLEMENT_METHOD_NOT_ALLOWED",
    detail: "Use GET or HEAD.",
    instance: "/api/entitlements",
  });
  expect(authorize).not.toHaveBeenCalled();
});

describe("authorize", () => {
  test.each([
    ["null", null],
    ["undefined", undefined],
    ["an empty object", {}],
    ["an empty orgId", { orgId: "" }],
    ["an orgId that is no text", { orgId: 5 }],
    ["true", true],
  ])("that answers %s is a 403 that names nothing", async (_what, answer) => {
    const response = await handler({ authorize: () => answer as never })(get());
    expect([response.status, response.headers.get("Cache-Control")]).toEqual([403, "no-store"]);
    const body = await response.text();
    expect(parseProblem(JSON.parse(body))).toEqual({
      type: "urn:entitlements:problem:forbidden",
      title: "Forbidden",
      status: 403,
      code: "ENTITLEMENT_FORBIDDEN",
      detail: "You may not see this.",
      instance: "/api/entitlements",
    });
    expect(body).not.toMatch(/acme|seat|limit|current/);
    expect(errors).toEqual([]);
  });

  test("may answer for itself: its Response passes through untouched", async () => {
    const own = new Response("log in", { status: 401, headers: { "WWW-Authenticate": "Bearer" } });
    expect(await handler({ authorize: () => own })(get())).toBe(own);
  });

  test("that throws is a generic 500, and the host is told the error", async () => {
    const thrown = new Error(secret);
    for (const authorize of [
      () => Promise.reject(thrown),
      () => {
        throw thrown;
      },
    ]) {
      const response = await handler({ authorize })(get());
      expect([response.status, response.headers.get("Retry-After")]).toEqual([500, null]);
      const body = await response.text();
      expect(JSON.parse(body)).toMatchObject({
        code: "ENTITLEMENT_INTERNAL",
        detail: "Something went wrong on our side.",
      });
      expect(body).not.toContain("hunter2");
    }
    expect(errors).toEqual([thrown, thrown]);
  });

  test("that gives an organisation nobody could store is a 400, and no error of the host's", async () => {
    const response = await handler({ authorize: () => ({ orgId: "x".repeat(300) }) })(get());
    expect([response.status, errors]).toEqual([400, []]);
  });

  test("is never left out: without it nothing starts", () => {
    for (const authorize of [undefined, null, "acme", { orgId: "acme" }]) {
      expect(() => createEntitlementsHandler({ entitlements, authorize } as never)).toThrow(
        expect.objectContaining({
          code: "ENTITLEMENT_CONFIGURATION",
          message:
            "createEntitlementsHandler wants `authorize: (request) => ({ orgId }) | Response | null`; there is no default that allows.",
        }),
      );
    }
  });
});
