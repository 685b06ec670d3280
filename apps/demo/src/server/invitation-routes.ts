import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { previewInvitation } from "@x/entitlements-better-auth";
import { seats } from "../seats.ts";
import type { DemoAuth } from "./auth.ts";
import type { DemoEntitlements } from "./entitlements.ts";
import type { DemoEnvironment } from "./environment.ts";
import { json } from "./openapi.ts";

const previewRoute = createRoute({
  method: "get",
  path: "/{id}",
  request: { params: z.object({ id: z.string() }) },
  responses: {
    200: json("Whether to offer to accept it.", z.object({ valid: z.boolean(), seatAvailable: z.boolean() })),
  },
});

/** For whoever has the link of an invitation, signed in or not. */
export function invitationRoutes(auth: DemoAuth, entitlements: DemoEntitlements): OpenAPIHono<DemoEnvironment> {
  const routes = new OpenAPIHono<DemoEnvironment>();
  routes.openapi(previewRoute, async (c) => {
    const invitationId = c.req.valid("param").id;
    const preview = await previewInvitation(entitlements, { auth, seats, invitationId });
    return c.json(preview, 200, { "Cache-Control": "no-store" });
  });
  return routes;
}
