import type { RouteConfig, RouteConfigToEnv, RouteHandler } from "@hono/zod-openapi";
import { ConfigurationError } from "@x/entitlements-core";
import type { Context, Env, Handler, MiddlewareHandler, Next } from "hono";
import { matchedRoutes } from "hono/route";
import type { BlankEnv } from "hono/types";
import { findTargetHandler } from "hono/utils/handler";
import { passGate } from "../gate.ts";
import { assertGate, type Claims, type Enforcing, type GateSettings, resourceTypesOf } from "../gate-options.ts";
import type { GateEnv } from "../require-entitlement.ts";
import { type GateResponses, gateResponses } from "./responses.ts";

/** What a gated route claims and for whom. The claimed types stand in the document, so they are told without a request. */
export type GateRouteOptions<Tx, T extends string, C> = GateSettings<Tx, C> &
  (
    | { readonly resourceType: T; readonly amount?: number | ((c: C) => number) | undefined; readonly claims?: never }
    | { readonly claims: Claims<T>; readonly resourceType?: never; readonly amount?: never }
  ) & {
    /** For the reader of the document. */
    readonly description?: string | undefined;
  };

/** What stands in the document of a gated route: `resourceTypes` where it claims several. */
export type EntitlementExtension = { readonly description: string } & (
  | { readonly resourceType: string }
  | { readonly resourceTypes: readonly string[] }
);

type PathOf<R extends RouteConfig> = RouteHandler<R> extends Handler<infer _E, infer P, infer _I, infer _R> ? P : never;
type InputOf<R extends RouteConfig> =
  RouteHandler<R> extends Handler<infer _E, infer _P, infer I, infer _R> ? I : never;
/** The route's own middleware, without what is known of no environment: it would make the others' unknown too. */
type MiddlewareOf<R> = R extends { readonly middleware: infer M }
  ? M extends readonly unknown[]
    ? { -readonly [Index in keyof M]: WithKnownEnv<M[Index]> }
    : [WithKnownEnv<M>]
  : [];
type WithKnownEnv<M> = M extends MiddlewareHandler<infer E> ? (0 extends 1 & E ? MiddlewareHandler<BlankEnv> : M) : M;
type EnvOf<R extends RouteConfig> = RouteConfigToEnv<{
  method: R["method"];
  path: R["path"];
  responses: R["responses"];
  middleware: MiddlewareOf<R>;
}>;

/** The route as it is registered and documented. */
type Documented<R extends RouteConfig, G extends Env> = {
  [Key in Exclude<keyof R, "middleware" | "responses">]: R[Key];
} & {
  middleware: [MiddlewareHandler<G>, ...MiddlewareOf<R>];
  responses: Omit<GateResponses, keyof R["responses"]> & R["responses"];
  "x-entitlement": EntitlementExtension;
};

/** A route that knows its gate. `handler` puts a handler inside the gate, after the validation. */
export type GatedRoute<R extends RouteConfig, G extends Env> =
  Documented<R, G> extends infer D extends RouteConfig
    ? D & {
        // `A` is the environment of the application that it is registered with.
        readonly handler: <A extends Env>(
          handler: RouteHandler<D, RouteConfigToEnv<D> & A>,
        ) => RouteHandler<D, RouteConfigToEnv<D> & A>;
      }
    : never;

/**
 * Puts a gate on a route of `createRoute`, and into its document `x-entitlement` with the responses 402 and 503 (the author's
 * own stay). Register it as `app.openapi(gated, gated.handler(async (c) => …))`: the handler runs inside the enforcing
 * transaction, after the validation. Throws a `ConfigurationError` when made wrongly; a gated route whose handler was not
 * made by `handler` answers 500: before anything runs, or after it where the same route has been registered rightly elsewhere.
 */
export function gateRoute<R extends RouteConfig, Tx, T extends string, E extends Env = EnvOf<R>>(
  route: R,
  entitlements: Enforcing<Tx, T>,
  options: GateRouteOptions<Tx, NoInfer<T>, Context<E, PathOf<R>, InputOf<R>>>,
): GatedRoute<R, E & GateEnv<Tx, T>>;
export function gateRoute<Tx>(
  route: RouteConfig,
  entitlements: Enforcing<Tx, string>,
  { description, ...gate }: GateRouteOptions<Tx, string, Context>,
): object {
  assertGate("gateRoute", entitlements, gate);
  const handlers = new Set<unknown>();
  const passed = new WeakSet<Context>();

  async function refuseUnhandled(c: Context, next: Next): Promise<void> {
    if (handlers.size === 0) throw new ConfigurationError(unhandled(route));
    await next();
    // One of ours may have chosen not to be reached: a middleware of the route can answer by itself.
    if (passed.has(c) || matchedRoutes(c).some((matched) => handlers.has(findTargetHandler(matched.handler)))) return;
    // Registered twice, the second time without `handler`; or something wraps every handler and a middleware has answered.
    if (c.res.ok) throw new ConfigurationError(unhandled(route));
  }

  function handler(handle: Handler): Handler {
    const gatedHandler: Handler = async (c, next) => {
      passed.add(c);
      let answer: Response | undefined;
      await passGate(c, entitlements, gate, async () => {
        answer = await handle(c, next);
        // A handler that returns nothing is told so by Hono, as anywhere.
        if (answer !== undefined) c.res = answer;
      });
      return answer;
    };
    handlers.add(gatedHandler);
    return gatedHandler;
  }

  const gated = {
    ...route,
    middleware: [refuseUnhandled, ...[route.middleware ?? []].flat()],
    responses: { ...gateResponses, ...route.responses },
    "x-entitlement": extensionOf(gate, description),
  };
  // What can be enumerated of a route stands in its document.
  return Object.defineProperties(gated, {
    getRoutingPath: { value: () => route.path.replaceAll(/\/{(.+?)}/g, "/:$1") },
    handler: { value: handler },
  });
}

function unhandled({ method, path }: RouteConfig): string {
  return (
    `The route ${method.toUpperCase()} ${path} is gated but its handler is not, so nothing would be claimed. ` +
    "Register it as app.openapi(gated, gated.handler(async (c) => …))."
  );
}

function extensionOf(gate: { resourceType?: unknown; claims?: unknown }, description?: string): EntitlementExtension {
  const types = resourceTypesOf(gate);
  if (types.length === 0) {
    throw new ConfigurationError(
      "gateRoute wants its `claims` as an object: the document names them without a request.",
    );
  }
  const text = description ?? `Counts against ${types.join(", ")}; 402 where the organisation has none left.`;
  const [resourceType = "", ...more] = types;
  return more.length === 0 ? { resourceType, description: text } : { resourceTypes: types, description: text };
}
