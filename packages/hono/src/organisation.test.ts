import { counter, createEntitlements, memoryAdapter } from "@x/entitlements-core";
import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { describe, expect, it, vi } from "vitest";
import { requireEntitlement } from "./index.ts";

type AppEnv = { Variables: { org: string } };

const entitlements = createEntitlements({
  adapter: memoryAdapter(),
  resources: { "quota:api_key": counter({ label: "API keys" }) },
});

function gatedBy(orgId: () => string | Promise<string>) {
  const handler = vi.fn(() => new Response(null, { status: 201 }));
  const app = new Hono();
  app.post("/keys", requireEntitlement(entitlements, { resourceType: "quota:api_key", orgId }), handler);
  return { handler, post: () => app.request("/keys", { method: "POST" }) };
}

describe("an organisation that cannot be told", () => {
  // What JavaScript, or a session without an organisation, hands over past the types.
  const values: readonly (readonly [string, string])[] = [
    ["undefined", "[]"],
    ["null", "[null]"],
    ["empty", '[""]'],
    ["a number", "[7]"],
    ["a list", '[["acme"]]'],
    ["an object", '[{ "orgId": "acme" }]'],
    ["too long", JSON.stringify(["a".repeat(256)])],
    ["with a NUL", '["acme\\u0000"]'],
    ["half of a surrogate pair", '["\\ud800"]'],
  ];

  it.each(values)("is refused with 400, and nothing runs: %s", async (_name, text) => {
    const { handler, post } = gatedBy(() => JSON.parse(text)[0]);
    const answer = await post();
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: "ENTITLEMENT_INVALID_REQUEST" }]);
    expect(handler).not.toHaveBeenCalled();
  });

  it("is refused as the host says, where it throws", async () => {
    const { handler, post } = gatedBy(() => {
      throw new HTTPException(403, { message: "Choose an organisation." });
    });
    const answer = await post();
    expect([answer.status, await answer.text()]).toEqual([403, "Choose an organisation."]);
    expect(handler).not.toHaveBeenCalled();
  });
});

it("the organisation may be looked up", async () => {
  const { post } = gatedBy(async () => "acme");
  expect((await post()).status).toBe(201);
});

it("an organisation takes nothing of another's, whatever else the request says", async () => {
  const app = new Hono<AppEnv>();
  app.use(async (c, next) => {
    c.set("org", "acme");
    await next();
  });
  const gate = requireEntitlement(entitlements, {
    resourceType: "quota:api_key",
    orgId: (c: Context<AppEnv>) => c.var.org,
  });
  app.post("/orgs/:orgId/keys", gate, (c) => c.body(null, 201));
  await entitlements.setLimit({ orgId: "acme", resourceType: "quota:api_key", limit: 0 });
  const headers = { "X-Org-Id": "globex" };
  expect((await app.request("/orgs/globex/keys?orgId=globex", { method: "POST", headers })).status).toBe(402);
});
