import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { type Operators, requireUser } from "./access.ts";
import type { DemoAuth } from "./auth.ts";
import type { Connection } from "./database/tables.ts";
import type { DemoEnvironment } from "./environment.ts";
import { json, problemResponses } from "./openapi.ts";
import { listMemberships } from "./organisations.ts";
import { listPeople, PASSWORD } from "./people.ts";
import { planOf } from "./plans.ts";

const me = z.object({
  user: z.object({ id: z.string(), name: z.string(), email: z.string() }),
  operator: z.boolean(),
  organisations: z.array(
    z
      .object({
        ...{ id: z.string(), name: z.string(), role: z.string(), manages: z.boolean() },
        plan: z.object({ name: z.string(), renewsAt: z.iso.datetime() }).nullable(),
      })
      .openapi("Membership"),
  ),
});

const meRoute = createRoute({
  method: "get",
  path: "/me",
  responses: { 200: json("Who asks, and where they belong.", me), 401: problemResponses[401] },
});

const people = z.object({
  password: z.string(),
  people: z.array(z.object({ email: z.string(), name: z.string(), description: z.string() })),
});

const peopleRoute = createRoute({
  method: "get",
  path: "/people",
  responses: { 200: json("Whom the demo begins with, to sign in as.", people) },
});

export interface MeOptions {
  readonly connection: Connection;
  readonly auth: DemoAuth;
  readonly operators: Operators;
}

/** Who somebody is, and whom they could be. */
export function meRoutes({ connection, auth, operators }: MeOptions): OpenAPIHono<DemoEnvironment> {
  const routes = new OpenAPIHono<DemoEnvironment>();
  routes.use("/me", requireUser(auth));
  routes.openapi(meRoute, async (c) => {
    const { id, name, email } = c.var.user;
    const memberships = await listMemberships(connection, id);
    const organisations = memberships.map((one) => ({ ...one, plan: planOf(one.id) }));
    return c.json({ user: { id, name, email }, operator: operators.has(email), organisations }, 200, {
      "Cache-Control": "no-store",
    });
  });
  routes.openapi(peopleRoute, async (c) =>
    c.json({ password: PASSWORD, people: [...(await listPeople(connection))] }, 200, { "Cache-Control": "no-store" }),
  );
  return routes;
}
