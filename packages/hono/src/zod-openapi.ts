/** The only part that needs `@hono/zod-openapi`. */
export {
  type EntitlementExtension,
  type GatedRoute,
  type GateRouteOptions,
  gateRoute,
} from "./openapi/gate-route.ts";
export { usageRoute } from "./openapi/usage-route.ts";
