import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { AUTH_PATH, type DemoAuth } from "./auth.ts";
import type { DemoEnvironment } from "./environment.ts";

/**
 * What of better-auth the demo offers, each with the query that it takes. The rest stays closed: some of it answers odd input
 * with a 500, and nobody needs it here.
 */
const READS: Readonly<Record<string, readonly string[]>> = {
  "get-session": [],
  "organization/list": [],
  "organization/list-members": ["organizationId"],
  "organization/list-invitations": ["organizationId"],
  "organization/get-invitation": ["id"],
};

const WRITES: readonly string[] = [
  ...["sign-up/email", "sign-in/email", "sign-out"],
  ...["create", "delete", "leave", "invite-member", "accept-invitation", "reject-invitation", "cancel-invitation"].map(
    (name) => `organization/${name}`,
  ),
  ...["update-member-role", "remove-member"].map((name) => `organization/${name}`),
];

/** People, sessions, organisations, members and invitations, answered by better-auth. */
export function authRoutes(auth: DemoAuth): Hono<DemoEnvironment> {
  const routes = new Hono<DemoEnvironment>().basePath(AUTH_PATH);

  async function answer(request: Request): Promise<Response> {
    const response = await auth.handler(request);
    // It is about people, and no cache's business.
    if (!response.headers.has("Cache-Control")) response.headers.set("Cache-Control", "no-store");
    return response;
  }

  for (const [path, takes] of Object.entries(READS)) {
    routes.get(`/${path}`, (c) => {
      const unknown = Object.keys(c.req.queries()).find((name) => !takes.includes(name));
      if (unknown !== undefined)
        throw new HTTPException(400, { message: "The query has a name that means nothing here." });
      return answer(c.req.raw);
    });
  }
  for (const path of WRITES) routes.post(`/${path}`, (c) => answer(c.req.raw));
  return routes;
}
