import { randomBytes } from "node:crypto";
import { Hono } from "hono";
import type { DemoEntitlements } from "./entitlements.ts";
import type { DemoEnvironment } from "./environment.ts";

/** API keys without a table: the entitlements keep their count. Nothing accepts the keys yet. */
export function apiKeyRoutes(entitlements: DemoEntitlements): Hono<DemoEnvironment> {
  const routes = new Hono<DemoEnvironment>();

  routes.post("/", async (c) => {
    await entitlements.consume({ orgId: c.var.organisation.id, resourceType: "quota:api_key" });
    return c.json({ key: `demo_${randomBytes(12).toString("hex")}` }, 201, { "Cache-Control": "no-store" });
  });

  // Gives one key back; with none left the count stays at 0.
  routes.delete("/", async (c) => {
    await entitlements.consume({ orgId: c.var.organisation.id, claims: { "quota:api_key": -1 } });
    return c.body(null, 204);
  });

  return routes;
}
