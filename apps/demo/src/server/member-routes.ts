import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { requireManager } from "./access.ts";
import type { Connection } from "./database/tables.ts";
import type { DemoEnvironment } from "./environment.ts";
import { listMembers, listOpenInvitations } from "./members.ts";
import { json, problemResponses } from "./openapi.ts";

const organisation = { params: z.object({ org: z.string() }) };

const member = z
  .object({
    ...{ id: z.string(), userId: z.string(), name: z.string(), email: z.string(), role: z.string() },
    createdAt: z.iso.datetime(),
  })
  .openapi("Member");

const invitation = z
  .object({ id: z.string(), email: z.string(), role: z.string(), expiresAt: z.iso.datetime() })
  .openapi("Invitation");

const membersRoute = createRoute({
  method: "get",
  path: "/members",
  request: organisation,
  responses: {
    200: json("Every member, in the order of joining.", z.object({ members: z.array(member) })),
    ...problemResponses,
  },
});

const invitationsRoute = createRoute({
  method: "get",
  path: "/invitations",
  request: organisation,
  responses: {
    200: json("Those that nobody has answered, expired ones too.", z.object({ invitations: z.array(invitation) })),
    ...problemResponses,
  },
});

/** Who is in an organisation, for all its members; who is invited, for those who manage it. */
export function memberRoutes(connection: Connection): OpenAPIHono<DemoEnvironment> {
  const routes = new OpenAPIHono<DemoEnvironment>();
  routes.openapi(membersRoute, async (c) => {
    const members = await listMembers(connection, c.var.organisation.id);
    return c.json({ members: [...members] }, 200, { "Cache-Control": "no-store" });
  });
  routes.use("/invitations", requireManager);
  routes.openapi(invitationsRoute, async (c) => {
    const invitations = await listOpenInvitations(connection, c.var.organisation.id);
    return c.json({ invitations: [...invitations] }, 200, { "Cache-Control": "no-store" });
  });
  return routes;
}
