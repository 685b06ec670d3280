import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { gateRoute } from "@x/entitlements-hono/zod-openapi";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { requireManager } from "./access.ts";
import { deleteApiKey, insertApiKey, listApiKeys } from "./api-keys.ts";
import type { Connection } from "./database/tables.ts";
import type { DemoEntitlements } from "./entitlements.ts";
import type { DemoEnvironment } from "./environment.ts";
import { json, problemResponses, refuseInvalid } from "./openapi.ts";
import { singleLine } from "./single-line.ts";

const organisation = z.object({ org: z.string() });

const apiKey = z
  .object({ id: z.string(), name: z.string(), prefix: z.string(), createdAt: z.iso.datetime() })
  .openapi("ApiKey");

const listRoute = createRoute({
  method: "get",
  path: "/",
  request: { params: organisation },
  responses: { 200: json("Every key, newest first.", z.object({ keys: z.array(apiKey) })), ...problemResponses },
});

const postRoute = createRoute({
  method: "post",
  path: "/",
  request: { params: organisation, body: { required: true, ...json("", z.strictObject({ name: singleLine(100) })) } },
  responses: {
    201: json("A key that nothing accepts yet. It is shown this once.", apiKey.extend({ key: z.string() })),
    ...problemResponses,
  },
});

const deleteRoute = createRoute({
  method: "delete",
  path: "/{id}",
  request: { params: organisation.extend({ id: z.string() }) },
  responses: { 204: { description: "Revoked, and given back." }, ...problemResponses },
});

/**
 * API keys, for those who manage the organisation. What is enforced is a count of the entitlements' own; the rows are there to be
 * shown, and change in the same transaction.
 */
export function apiKeyRoutes(connection: Connection, entitlements: DemoEntitlements): OpenAPIHono<DemoEnvironment> {
  const routes = new OpenAPIHono<DemoEnvironment>({ defaultHook: refuseInvalid });
  const orgId = (c: Context<DemoEnvironment>) => c.var.organisation.id;
  routes.use(requireManager);

  routes.openapi(listRoute, async (c) => {
    const keys = await listApiKeys(connection, c.var.organisation.id);
    return c.json({ keys: [...keys] }, 200, { "Cache-Control": "no-store" });
  });

  const post = gateRoute(postRoute, entitlements, { resourceType: "quota:api_key", orgId });
  routes.openapi(
    post,
    post.handler(async (c) => {
      const made = await insertApiKey(c.var.tx, c.var.organisation.id, c.req.valid("json"));
      return c.json(made, 201, { "Cache-Control": "no-store" });
    }),
  );

  const remove = gateRoute(deleteRoute, entitlements, { claims: { "quota:api_key": -1 }, orgId });
  routes.openapi(
    remove,
    remove.handler(async (c) => {
      // Thrown, so that nothing is given back for a key that was not there.
      if (!(await deleteApiKey(c.var.tx, c.var.organisation.id, c.req.valid("param").id)))
        throw new HTTPException(404, { message: "There is no such key." });
      return c.body(null, 204);
    }),
  );

  return routes;
}
