import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { methodNotAllowed } from "hono/method-not-allowed";
import { secureHeaders } from "hono/secure-headers";
import { apiKeyRoutes } from "./api-key-routes.ts";
import type { Connection } from "./database/tables.ts";
import type { DemoEntitlements } from "./entitlements.ts";
import type { DemoEnvironment } from "./environment.ts";
import type { Log } from "./log.ts";
import { findOrganisation } from "./organisations.ts";
import { answerErrors, notFound, problem } from "./problems.ts";
import { projectRoutes } from "./project-routes.ts";
import { raceRoutes } from "./race.ts";
import { resetOrganisations } from "./seed.ts";
import { usageHandler } from "./usage.ts";

export interface AppOptions {
  /** For reading; writes go through the entitlements' transactions. */
  readonly connection: Connection;
  readonly entitlements: DemoEntitlements;
  /** The folder that holds the page. */
  readonly webFolder: string;
  readonly log: Log;
}

const MAX_BODY_BYTES = 16 * 1024;

/** The page and the API of the demo. There is no sign-in yet: everybody may act for every organisation. */
export function createApp({ connection, entitlements, webFolder, log }: AppOptions): Hono<DemoEnvironment> {
  const app = new Hono<DemoEnvironment>();
  app.onError(answerErrors(log));
  app.notFound(notFound);

  app.use(secureHeaders({ contentSecurityPolicy, strictTransportSecurity: false }));
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) =>
        problem(405, `Use ${methods.join(", ")}.`, c.req.path, { Allow: methods.join(", ") }),
    }),
  );
  app.use("/api/*", async (c, next) => {
    // A page of another site must not press the buttons of a demo that happens to run on the visitor's machine.
    const site = c.req.header("Sec-Fetch-Site") ?? "none";
    const reads = c.req.method === "GET" || c.req.method === "HEAD";
    if (!reads && site !== "same-origin" && site !== "none")
      throw new HTTPException(403, { message: "Another site may not change anything here." });
    await next();
  });
  app.use(
    "/api/*",
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (c) => problem(413, `The body may have ${MAX_BODY_BYTES} bytes.`, c.req.path),
    }),
  );

  const usage = usageHandler(connection, entitlements, log);
  app.all("/api/orgs/:org/entitlements", (c) => usage(c.req.raw));

  app.use("/api/orgs/:org/*", async (c, next) => {
    const organisation = await findOrganisation(connection, c.req.param("org"));
    if (organisation === null) throw new HTTPException(404, { message: "There is no such organisation." });
    c.set("organisation", organisation);
    await next();
  });
  app.route("/api/orgs/:org/projects", projectRoutes(connection, entitlements));
  app.route("/api/orgs/:org/api-keys", apiKeyRoutes(entitlements));
  app.route("/api/orgs/:org/race", raceRoutes(entitlements));

  app.post("/api/reset", async (c) => {
    await resetOrganisations(entitlements);
    return c.body(null, 204);
  });

  app.use(serveStatic({ root: webFolder, onFound: (_path, c) => c.header("Cache-Control", "no-cache") }));
  return app;
}

const contentSecurityPolicy = {
  defaultSrc: ["'none'"],
  baseUri: ["'none'"],
  connectSrc: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  imgSrc: ["'self'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
};
