import { createRoute, type RouteConfig } from "@hono/zod-openapi";
import { type UsageResponses, usageResponses } from "./responses.ts";

type Described<P extends string> = Omit<RouteConfig, "method" | "path" | "responses"> & { readonly path: P };

/** The documented usage endpoint, to be mounted with `usageHandler`: `app.openapi(usageRoute({ path }), usageHandler(…))`. */
export function usageRoute<P extends string, const R extends Described<P>>(
  route: R & { readonly path: P },
): R & { readonly path: P; method: "get"; responses: UsageResponses } {
  return createRoute({
    summary: "Usage and limits of the organisation",
    ...route,
    method: "get",
    responses: usageResponses,
  });
}
