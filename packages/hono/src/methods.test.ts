import { counter, createEntitlements, memoryAdapter } from "@x/entitlements-core";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { expect, it } from "vitest";
import { requireEntitlement } from "./index.ts";

function createApp() {
  const resources = { "quota:api_key": counter({ label: "API keys" }) };
  const entitlements = createEntitlements({ adapter: memoryAdapter(), resources });
  const gate = requireEntitlement(entitlements, { resourceType: "quota:api_key", orgId: () => "acme" });
  const taken = async () => (await entitlements.check({ orgId: "acme", resourceType: "quota:api_key" })).current;
  return { app: new Hono(), gate, taken };
}

const preflight = {
  method: "OPTIONS",
  headers: { Origin: "https://app.example", "Access-Control-Request-Method": "POST" },
};

it("a preflight that cors() answers before the gate claims nothing", async () => {
  const { app, gate, taken } = createApp();
  app.use("/keys", cors(), gate);
  app.post("/keys", (c) => c.body(null, 201));
  expect([(await app.request("/keys", preflight)).status, await taken()]).toEqual([204, 0]);
  expect([(await app.request("/keys", { method: "POST" })).status, await taken()]).toEqual([201, 1]);
});

it("a gate on a path gates every method of it, one on a route that one's alone", async () => {
  const { app, gate, taken } = createApp();
  app.use("/path", gate);
  app.get("/path", (c) => c.body(null));
  app.post("/route", gate, (c) => c.body(null));
  app.get("/route", (c) => c.body(null));
  await app.request("/path");
  await app.request("/path", { method: "HEAD" });
  expect(await taken()).toBe(2);
  await app.request("/route");
  await app.request("/route", { method: "HEAD" });
  await app.request("/route", preflight);
  expect(await taken()).toBe(2);
  await app.request("/route", { method: "POST" });
  expect(await taken()).toBe(3);
});
