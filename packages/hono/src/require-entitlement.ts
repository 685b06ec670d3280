import type { Grant } from "@x/entitlements-core";
import type { Context, Env, Input, MiddlewareHandler } from "hono";
import { passGate } from "./gate.ts";
import { assertGate, type Enforcing, type GateOptions } from "./gate-options.ts";

/** What a gated handler finds in `c.var`. `tx` is there only until the handler has returned. */
export interface GateEnv<Tx, T extends string> {
  Variables: { tx: Tx; grant: Grant<T> };
}

/**
 * Middleware that claims units and runs the rest of the route inside the enforcing transaction: committed before the
 * response leaves, undone where the handler throws or answers 400 or more. Throws a `ConfigurationError` when made wrongly;
 * a request that is refused gets the problem document, from Hono itself or from `app.onError`.
 */
export function requireEntitlement<
  Tx,
  T extends string,
  E extends Env = Env,
  P extends string = string,
  I extends Input = object,
>(
  entitlements: Enforcing<Tx, T>,
  options: GateOptions<Tx, NoInfer<T>, Context<E, P, I>>,
): MiddlewareHandler<E & GateEnv<Tx, T>, P, I> {
  assertGate("requireEntitlement", entitlements, options);
  return (c, next) => passGate(c, entitlements, options, next);
}
