import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";
import { readBody } from "./body.ts";
import type { Connection } from "./database/tables.ts";
import type { DemoEntitlements } from "./entitlements.ts";
import type { DemoEnvironment } from "./environment.ts";
import {
  findProject,
  insertProject,
  insertUntakenProject,
  listProjects,
  type Project,
  updateProject,
} from "./projects.ts";

// Control characters and halves of surrogate pairs could not be stored unchanged.
const projectName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, "must be a single line of text");

const newProject = z.strictObject({ name: projectName });
const wholeProject = z.strictObject({ name: projectName, archived: z.boolean().default(false) });

const projectId = /^[A-Za-z0-9_-]{1,64}$/;

export function projectRoutes(connection: Connection, entitlements: DemoEntitlements): Hono<DemoEnvironment> {
  const routes = new Hono<DemoEnvironment>();

  routes.get("/", async (c) => {
    const projects = await listProjects(connection, c.var.organisation.id);
    return c.json({ projects }, 200, { "Cache-Control": "no-store" });
  });

  routes.post("/", async (c) => {
    const { name } = await readBody(c, newProject);
    const orgId = c.var.organisation.id;
    const project = await entitlements.enforce({ orgId, resourceType: "quota:project" }, (tx) =>
      insertProject(tx, orgId, { name }),
    );
    return c.json(project, 201);
  });

  routes.put("/:id", async (c) => {
    const id = c.req.param("id");
    if (!projectId.test(id))
      throw new HTTPException(400, { message: "The id of a project is 1 to 64 letters, digits, - and _." });
    const { created, project } = await putProject(entitlements, c.var.organisation.id, {
      id,
      ...(await readBody(c, wholeProject)),
    });
    return c.json(project, created ? 201 : 200);
  });

  return routes;
}

/**
 * Creates or replaces a project. Whether that takes a unit (a new project, or one brought back from the archive) is
 * decided under the lock: of two that create the same id at once, the second is an update.
 */
function putProject(
  entitlements: DemoEntitlements,
  orgId: string,
  project: Omit<Project, "createdAt">,
): Promise<{ created: boolean; project: Project }> {
  const { id } = project;
  const takesUnit = async (tx: Connection): Promise<boolean> => {
    const found = await findProject(tx, orgId, id);
    return !project.archived && found !== "foreign" && (found === null || found.archived);
  };
  return entitlements.enforce({ orgId, resourceType: "quota:project", when: takesUnit }, async (tx) => {
    const found = await findProject(tx, orgId, id);
    if (found === null) {
      const made = await insertUntakenProject(tx, orgId, project);
      if (made !== null) return { created: true, project: made };
    }
    if (found === null || found === "foreign") throw new HTTPException(404, { message: "There is no such project." });
    return { created: false, project: await updateProject(tx, orgId, project) };
  });
}
