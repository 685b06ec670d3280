import type { Context, MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { DemoAuth } from "./auth.ts";
import type { Connection } from "./database/tables.ts";
import type { DemoEnvironment, User } from "./environment.ts";
import { findMembership } from "./organisations.ts";
import { NOTHING_HERE } from "./problems.ts";

/** The addresses of those who set the limits of every organisation, in lower case. */
export type Operators = ReadonlySet<string>;

/** Who asks: without a session a 401. */
export function requireUser(auth: DemoAuth): MiddlewareHandler<DemoEnvironment> {
  return async (c, next) => {
    const user = await findUser(auth, c);
    if (user === null) throw new HTTPException(401, { message: "Sign in first." });
    c.set("user", user);
    await next();
  };
}

/** For operators: to everybody else there is nothing. */
export function requireOperator(auth: DemoAuth, operators: Operators): MiddlewareHandler<DemoEnvironment> {
  return async (c, next) => {
    const user = await findUser(auth, c);
    if (user === null || !operators.has(user.email)) throw new HTTPException(404, { message: NOTHING_HERE });
    c.set("user", user);
    await next();
  };
}

async function findUser(auth: DemoAuth, c: Context): Promise<User | null> {
  const session = await auth.api.getSession({ headers: c.req.raw.headers });
  return session?.user ?? null;
}

/** The organisation in the path, for its members: to everybody else there is none. */
export function requireMembership(connection: Connection): MiddlewareHandler<DemoEnvironment, "/api/orgs/:org/*"> {
  return async (c, next) => {
    const membership = await findMembership(connection, c.req.param("org"), c.var.user.id);
    if (membership === null) throw new HTTPException(404, { message: "There is no such organisation." });
    c.set("organisation", membership);
    c.set("manages", membership.manages);
    await next();
  };
}

/** For those who manage the organisation: to its other members a 403. */
export const requireManager: MiddlewareHandler<DemoEnvironment> = async (c, next) => {
  if (!c.var.manages) throw new HTTPException(403, { message: "Only owners and admins may do this." });
  await next();
};
