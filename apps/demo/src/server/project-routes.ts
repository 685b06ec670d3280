import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { gateRoute } from "@x/entitlements-hono/zod-openapi";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Connection } from "./database/tables.ts";
import type { DemoEntitlements } from "./entitlements.ts";
import type { DemoEnvironment } from "./environment.ts";
import { json, problemResponses, refuseInvalid } from "./openapi.ts";
import { findProject, insertProject, insertUntakenProject, listProjects, updateProject } from "./projects.ts";
import { singleLine } from "./single-line.ts";

const projectName = singleLine(100);

const project = z
  .object({ id: z.string(), name: z.string(), archived: z.boolean(), createdAt: z.iso.datetime() })
  .openapi("Project");

const organisation = z.object({ org: z.string() });
const projectId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 letters, digits, - and _");

const listRoute = createRoute({
  method: "get",
  path: "/",
  request: { params: organisation },
  responses: {
    200: json("Every project, newest first.", z.object({ projects: z.array(project) })),
    ...problemResponses,
  },
});

const postRoute = createRoute({
  method: "post",
  path: "/",
  request: { params: organisation, body: { required: true, ...json("", z.strictObject({ name: projectName })) } },
  responses: { 201: json("The project that was made.", project), ...problemResponses },
});

const putRoute = createRoute({
  method: "put",
  path: "/{id}",
  request: {
    params: organisation.extend({ id: projectId }),
    body: {
      required: true,
      ...json("", z.strictObject({ name: projectName, archived: z.boolean().default(false) })),
    },
  },
  responses: { 200: json("Replaced.", project), 201: json("Made.", project), ...problemResponses },
});

/** The projects of an organisation; for all its members. */
export function projectRoutes(connection: Connection, entitlements: DemoEntitlements): OpenAPIHono<DemoEnvironment> {
  const routes = new OpenAPIHono<DemoEnvironment>({ defaultHook: refuseInvalid });
  const gate = {
    resourceType: "quota:project" as const,
    orgId: (c: Context<DemoEnvironment>) => c.var.organisation.id,
  };

  routes.openapi(listRoute, async (c) => {
    const projects = await listProjects(connection, c.var.organisation.id);
    return c.json({ projects: [...projects] }, 200, { "Cache-Control": "no-store" });
  });

  const post = gateRoute(postRoute, entitlements, { ...gate, description: "Takes a project." });
  routes.openapi(
    post,
    post.handler(async (c) => c.json(await insertProject(c.var.tx, c.var.organisation.id, c.req.valid("json")), 201)),
  );

  // Whether it takes a project (a new one, or one brought back from the archive) is decided under the lock: of two that
  // create the same id at once, the second is an update.
  const put = gateRoute(putRoute, entitlements, {
    ...gate,
    description: "Takes a project where it makes one or brings one back from the archive.",
    async when(c, tx) {
      const found = await findProject(tx, c.req.valid("param").org, c.req.valid("param").id);
      return !c.req.valid("json").archived && found !== "foreign" && (found === null || found.archived);
    },
  });
  routes.openapi(
    put,
    put.handler(async (c) => {
      const { tx } = c.var;
      const orgId = c.var.organisation.id;
      const wanted = { id: c.req.valid("param").id, ...c.req.valid("json") };
      const found = await findProject(tx, orgId, wanted.id);
      if (found === null) {
        const made = await insertUntakenProject(tx, orgId, wanted);
        if (made !== null) return c.json(made, 201);
      }
      if (found === null || found === "foreign") throw new HTTPException(404, { message: "There is no such project." });
      return c.json(await updateProject(tx, orgId, wanted), 200);
    }),
  );

  return routes;
}
