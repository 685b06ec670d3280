import { randomBytes } from "node:crypto";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { gateRoute } from "@x/entitlements-hono/zod-openapi";
import type { Context } from "hono";
import { requireManager } from "./access.ts";
import type { DemoEntitlements } from "./entitlements.ts";
import type { DemoEnvironment } from "./environment.ts";
import { json, problemResponses } from "./openapi.ts";

const organisation = { params: z.object({ org: z.string() }) };

const postRoute = createRoute({
  method: "post",
  path: "/",
  request: organisation,
  responses: { 201: json("A key that nothing accepts yet.", z.object({ key: z.string() })), ...problemResponses },
});

const deleteRoute = createRoute({
  method: "delete",
  path: "/",
  request: organisation,
  responses: { 204: { description: "One key fewer; with none left the count stays at 0." }, ...problemResponses },
});

/** API keys without a table: the entitlements keep their count. For those who manage the organisation. */
export function apiKeyRoutes(entitlements: DemoEntitlements): OpenAPIHono<DemoEnvironment> {
  const routes = new OpenAPIHono<DemoEnvironment>();
  const orgId = (c: Context<DemoEnvironment>) => c.var.organisation.id;
  routes.use(requireManager);

  const post = gateRoute(postRoute, entitlements, { resourceType: "quota:api_key", orgId });
  routes.openapi(
    post,
    post.handler((c) =>
      c.json({ key: `demo_${randomBytes(12).toString("hex")}` }, 201, { "Cache-Control": "no-store" }),
    ),
  );

  const remove = gateRoute(deleteRoute, entitlements, { claims: { "quota:api_key": -1 }, orgId });
  routes.openapi(
    remove,
    remove.handler((c) => c.body(null, 204)),
  );

  return routes;
}
