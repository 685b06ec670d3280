import {
  ConfigurationError,
  createEntitlements,
  FeatureDisabledError,
  feature,
  IdempotencyMismatchError,
  InvalidRequestError,
  isFeatureDisabledError,
  LimitReachedError,
  LockTimeoutError,
  memoryAdapter,
  ReservationConflictError,
  StorageError,
} from "@x/entitlements-core";
import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { afterEach, describe, expect, it, vi } from "vitest";
import { EntitlementException } from "./entitlement-exception.ts";
import { type ErrorHandlerOptions, entitlementsErrorHandler, requireEntitlement } from "./index.ts";

const limit = { orgId: "acme", resourceType: "quota:project", label: "Projects", current: 5, limit: 5, requested: 1 };
const limitReached = new LimitReachedError(limit);
const secret = "select * from users where password = 'hunter2'";
const storage = new StorageError("The database failed.", { outcome: "rolled-back", cause: new Error(secret) });

afterEach(() => void vi.restoreAllMocks());

/** What an application answers whose only route throws `error`, and what it has reported. */
async function answerTo(
  error: unknown,
  options: ErrorHandlerOptions = {},
  before: (c: Context) => void = () => undefined,
) {
  const reported: unknown[] = [];
  const app = new Hono().onError(entitlementsErrorHandler({ onError: (one) => reported.push(one), ...options }));
  app.use((_c, next) => next());
  app.get("/projects", (c) => {
    before(c);
    throw error;
  });
  const answer = await app.request("/projects");
  const text = await answer.text();
  const json = answer.headers.get("Content-Type")?.includes("json") ?? false;
  return { status: answer.status, headers: answer.headers, text, body: json ? JSON.parse(text) : text, reported };
}

describe("an error of the enforcement that a handler throws", () => {
  it.each([
    [limitReached, 402, null],
    [new FeatureDisabledError(limit), 402, null],
    [new InvalidRequestError("orgId", "orgId is missing."), 400, null],
    [new ReservationConflictError({ orgId: "acme", key: "k", retryAfterSeconds: 7 }), 409, "7"],
    [new IdempotencyMismatchError({ orgId: "acme", idempotencyKey: "k" }), 409, null],
    [new LockTimeoutError({ phase: "wait", orgId: "acme", timeoutMs: 5 }), 503, "1"],
    [storage, 503, "1"],
    [new ConfigurationError(`The table is missing: ${secret}`), 500, null],
  ] as const)("$name is its problem document", async (error, status, retryAfter) => {
    const { headers, body, text, reported, ...answer } = await answerTo(error);
    expect([answer.status, headers.get("Retry-After")]).toEqual([status, retryAfter]);
    expect(headers.get("Content-Type")).toBe("application/problem+json");
    expect(headers.get("Cache-Control")).toBe("no-store");
    expect(body).toMatchObject({
      status,
      code: status === 500 ? "ENTITLEMENT_INTERNAL" : error.code,
      instance: "/projects",
    });
    expect(text).not.toMatch(/acme|hunter2|select/);
    expect(reported).toEqual(status >= 500 ? [error] : []);
  });

  it("is found behind what something has wrapped it in", async () => {
    const wrapped = new Error("while saving", { cause: new Error("in the ORM", { cause: limitReached }) });
    expect(await answerTo(wrapped)).toMatchObject({ status: 402, body: { current: 5, limit: 5 } });
  });

  it("stays the host's where that has made a response of it", async () => {
    const own = new HTTPException(409, { message: "Full.", cause: limitReached });
    expect(await answerTo(own)).toMatchObject({ status: 409, body: "Full.", reported: [] });
  });

  it("has the documentation page that the host names, of the gate before that of the handler", async () => {
    const type = (code: string) => `https://docs.example/${code}`;
    expect(await answerTo(limitReached, { problemType: type })).toMatchObject({
      body: { type: "https://docs.example/ENTITLEMENT_LIMIT_REACHED" },
    });
    const fromGate = new EntitlementException(limitReached, {
      instance: "/projects",
      type: () => "https://gate.example",
    });
    expect(await answerTo(fromGate, { problemType: type })).toMatchObject({ body: { type: "https://gate.example" } });
  });

  it("keeps no header of the body that the handler was about to answer with", async () => {
    const { headers } = await answerTo(limitReached, {}, (c) => {
      void c.res;
      c.header("Content-Length", "2");
      c.header("Cache-Control", "public");
      c.header("ETag", '"1"');
      c.header("Content-Type", "text/html");
      c.header("X-Request-Id", "7");
    });
    expect(Object.fromEntries(headers)).toEqual({
      "cache-control": "no-store",
      "content-type": "application/problem+json",
      "x-request-id": "7",
    });
  });
});

it("what middleware has said with c.header() stays, whoever answers", async () => {
  const said = (c: Context) => c.header("X-Request-Id", "7");
  for (const error of [limitReached, new HTTPException(401), new Error("x")]) {
    expect((await answerTo(error, {}, said)).headers.get("X-Request-Id")).toBe("7");
  }
});

describe("an error of something else", () => {
  it("is a 500 that says nothing, and is reported", async () => {
    const error = new Error(secret);
    const { status, body, text, reported } = await answerTo(error);
    expect([status, body.code, reported]).toEqual([500, "ENTITLEMENT_INTERNAL", [error]]);
    expect(text).not.toMatch(/select|hunter2|at /);
  });

  it("goes to `otherwise` where there is one, and is then that one's to report", async () => {
    const otherwise = vi.fn((error: Error, c: Context) => c.text(`mine: ${error.message}`, 418));
    expect(await answerTo(new Error("x"), { otherwise })).toMatchObject({ status: 418, body: "mine: x", reported: [] });
    expect(await answerTo(limitReached, { otherwise })).toMatchObject({ status: 402 });
    expect(await answerTo(new HTTPException(401), { otherwise })).toMatchObject({ status: 418 });
  });

  it("answers itself where it can, such as an HTTPException", async () => {
    expect(await answerTo(new HTTPException(401, { message: "Sign in." }))).toMatchObject({
      status: 401,
      body: "Sign in.",
      reported: [],
    });
  });

  it("whose chain of causes never ends is still answered", async () => {
    const error = new Error("around");
    error.cause = error;
    expect(await answerTo(error)).toMatchObject({ status: 500, reported: [error] });
  });
});

it("without `onError` what went wrong is written to the console", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  await answerTo(storage, { onError: undefined });
  expect(log).toHaveBeenCalledExactlyOnceWith("@x/entitlements-hono", storage);
});

it("an `onError` that fails changes no answer, and its failure is written to the console", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const failing = () => {
    throw new Error("the log is full");
  };
  expect(await answerTo(storage, { onError: failing })).toMatchObject({ status: 503 });
  expect(log).toHaveBeenCalledOnce();
});

describe("what a gate throws", () => {
  it("reaches the error handler of the host, with what it was thrown for", async () => {
    const entitlements = createEntitlements({
      adapter: memoryAdapter(),
      resources: { "feature:sso": feature({ label: "Single sign-on" }) },
    });
    await entitlements.setLimit({ orgId: "acme", resourceType: "feature:sso", limit: 0 });
    const app = new Hono();
    const seen: unknown[] = [];
    app.onError((error) => {
      seen.push(error.cause);
      return error instanceof HTTPException ? error.getResponse() : new Response(null, { status: 500 });
    });
    app.get("/sso", requireEntitlement(entitlements, { resourceType: "feature:sso", orgId: () => "acme" }));
    expect((await app.request("/sso")).status).toBe(402);
    expect(seen.map(isFeatureDisabledError)).toEqual([true]);
  });

  const exception = new EntitlementException(limitReached, { instance: "/projects" });

  it("is an HTTPException that any handler can answer, as often as it likes", async () => {
    expect(exception).toBeInstanceOf(HTTPException);
    expect(await exception.getResponse().json()).toEqual(await exception.getResponse().json());
    expect(exception.cause).toBe(limitReached);
  });

  it("has a message that may stand in a body: no organisation, no advice to the developer", () => {
    expect(exception.message).toBe("Projects limit reached (5/5)");
  });
});
