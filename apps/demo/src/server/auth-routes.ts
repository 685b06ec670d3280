import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { AUTH_PATH, type DemoAuth } from "./auth.ts";
import type { DemoEnvironment } from "./environment.ts";
import { problem } from "./problems.ts";
import { CLIENT_ADDRESS_HEADER } from "./sign-in-limit.ts";

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

  async function answer(c: Context<DemoEnvironment>): Promise<Response> {
    const response = await auth.handler(withClient(c));
    if (response.status === 429) {
      const seconds = response.headers.get("X-Retry-After") ?? "60";
      return problem(429, "Too many attempts. Try again later.", c.req.path, { "Retry-After": seconds });
    }
    // It is about people, and no cache's business.
    if (!response.headers.has("Cache-Control")) response.headers.set("Cache-Control", "no-store");
    return response;
  }

  for (const [path, takes] of Object.entries(READS)) {
    routes.get(`/${path}`, (c) => {
      const unknown = Object.keys(c.req.queries()).find((name) => !takes.includes(name));
      if (unknown !== undefined)
        throw new HTTPException(400, { message: "The query has a name that means nothing here." });
      return answer(c);
    });
  }
  for (const path of WRITES) routes.post(`/${path}`, answer);
  return routes;
}

/** The request as its browser sees it, with the address that it comes from. */
function withClient(c: Context<DemoEnvironment>): Request {
  const { raw, method, url } = c.req;
  const { address, origin } = c.var.client;
  const { pathname, search } = new URL(url);
  const headers = new Headers(raw.headers);
  headers.set(CLIENT_ADDRESS_HEADER, address);
  const body = raw.body === null ? {} : { body: raw.body, duplex: "half" as const };
  return new Request(`${origin}${pathname}${search}`, { method, headers, ...body });
}
