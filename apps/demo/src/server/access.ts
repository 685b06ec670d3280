import type { MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { DemoAuth } from "./auth.ts";
import type { Connection } from "./database/tables.ts";
import type { DemoEnvironment } from "./environment.ts";
import { findMembership } from "./organisations.ts";

/** Who asks: without a session a 401. */
export function requireUser(auth: DemoAuth): MiddlewareHandler<DemoEnvironment> {
  return async (c, next) => {
    const session = await auth.api.getSession({ headers: c.req.raw.headers });
    if (session === null) throw new HTTPException(401, { message: "Sign in first." });
    c.set("userId", session.user.id);
    await next();
  };
}

/** The organisation in the path, for its members: to everybody else there is none. */
export function requireMembership(connection: Connection): MiddlewareHandler<DemoEnvironment, "/api/orgs/:org/*"> {
  return async (c, next) => {
    const membership = await findMembership(connection, c.req.param("org"), c.var.userId);
    if (membership === null) throw new HTTPException(404, { message: "There is no such organisation." });
    c.set("organisation", membership.organisation);
    c.set("manages", membership.manages);
    await next();
  };
}

/** For those who manage the organisation: to its other members a 403. */
export const requireManager: MiddlewareHandler<DemoEnvironment> = async (c, next) => {
  if (!c.var.manages) throw new HTTPException(403, { message: "Only owners and admins may do this." });
  await next();
};
