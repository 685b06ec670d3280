export { type ErrorHandlerOptions, entitlementsErrorHandler } from "./error-handler.ts";
export type { Claims, GateOptions } from "./gate-options.ts";
export { type GateEnv, requireEntitlement } from "./require-entitlement.ts";
export { type UsageHandlerOptions, usageHandler } from "./usage-handler.ts";
