import { OpenAPIHono } from "@hono/zod-openapi";
import { usageRoute } from "@x/entitlements-hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { methodNotAllowed } from "hono/method-not-allowed";
import { type Operators, requireMembership, requireUser } from "./access.ts";
import { apiKeyRoutes } from "./api-key-routes.ts";
import type { DemoAuth } from "./auth.ts";
import { authRoutes } from "./auth-routes.ts";
import { readClient, type TrustProxy } from "./client.ts";
import type { Connection } from "./database/tables.ts";
import type { DemoEntitlements } from "./entitlements.ts";
import type { DemoEnvironment } from "./environment.ts";
import { healthHandler } from "./health.ts";
import { invitationRoutes } from "./invitation-routes.ts";
import type { Log } from "./log.ts";
import { meRoutes } from "./me-routes.ts";
import { memberRoutes } from "./member-routes.ts";
import { serveDocument } from "./openapi.ts";
import { operatorRoutes } from "./operator-routes.ts";
import { findMembership } from "./organisations.ts";
import { pageRoutes } from "./page.ts";
import { answerErrors, notFound, problem } from "./problems.ts";
import { projectRoutes } from "./project-routes.ts";
import type { RaceRoutes } from "./race/routes.ts";
import { logRequests } from "./request-log.ts";
import { securityHeaders } from "./security-headers.ts";
import { resetOrganisations } from "./seed.ts";
import { refuseNul } from "./unstorable.ts";
import { usageHandler } from "./usage.ts";

export interface AppOptions {
  readonly connection: Connection;
  readonly entitlements: DemoEntitlements;
  readonly auth: DemoAuth;
  readonly operators: Operators;
  readonly race: RaceRoutes;
  readonly trustProxy: TrustProxy;
  /** The folder that holds the page. */
  readonly webFolder: string;
  readonly log: Log;
}

const MAX_BODY_BYTES = 16 * 1024;

/** The page and the API of the demo. */
export function createApp({
  connection,
  entitlements,
  auth,
  operators,
  race,
  trustProxy,
  webFolder,
  log,
}: AppOptions): OpenAPIHono<DemoEnvironment> {
  const app = new OpenAPIHono<DemoEnvironment>();
  app.onError(answerErrors(log));
  app.notFound(notFound);

  app.use(readClient(trustProxy), logRequests(log), securityHeaders);
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) =>
        problem(405, `Use ${methods.join(", ")}.`, c.req.path, { Allow: methods.join(", ") }),
    }),
  );
  app.use("/api/*", ownPagesOnly);
  app.use(
    "/api/*",
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (c) => problem(413, `The body may have ${MAX_BODY_BYTES} bytes.`, c.req.path),
    }),
  );
  app.use("/api/*", refuseNul);

  app.get("/healthz", healthHandler(connection));
  app.route("/", authRoutes(auth));
  app.route("/api/invitations", invitationRoutes(auth, entitlements));
  app.route("/api", meRoutes({ connection, auth, operators }));
  serveDocument(app);

  app.route("/api/operator", operatorRoutes({ connection, entitlements, auth, operators }));

  app.use("/api/orgs/:org/*", requireUser(auth), requireMembership(connection));
  app.route("/api/orgs/:org", memberRoutes(connection));
  app.openapi(usageRoute({ path: "/api/orgs/{org}/entitlements" }), usageHandler(entitlements, log));
  app.route("/api/orgs/:org/projects", projectRoutes(connection, entitlements));
  app.route("/api/orgs/:org/api-keys", apiKeyRoutes(connection, entitlements));
  app.route("/api/orgs/:org/race-lab", race.routes);
  app.route("/", race.naive);

  app.post("/api/reset", requireUser(auth), async (c) => {
    await resetOrganisations(entitlements, async (id) => {
      const membership = await findMembership(connection, id, c.var.user.id);
      return membership?.manages ?? false;
    });
    return c.body(null, 204);
  });

  app.route("/", pageRoutes(webFolder));
  return app;
}

/** A page of another site must not press the buttons of a demo that happens to run on the visitor's machine. */
const ownPagesOnly: MiddlewareHandler<DemoEnvironment> = async (c, next) => {
  const site = c.req.header("Sec-Fetch-Site") ?? "none";
  const origin = c.req.header("Origin");
  const reads = c.req.method === "GET" || c.req.method === "HEAD";
  // Not every browser says which site a request comes from, but each says its origin with what changes something.
  const isForeign = origin !== undefined && origin !== c.var.client.origin;
  if (!reads && (isForeign || (site !== "same-origin" && site !== "none")))
    throw new HTTPException(403, { message: "Another site may not change anything here." });
  await next();
};
