import { ConfigurationError } from "@x/entitlements-core";
import { createEntitlementsHandler, type EntitlementsHandlerOptions } from "@x/entitlements-core/http";
import type { Context, Env, Handler } from "hono";
import { isAnswerable } from "./entitlement-exception.ts";

type Authorized = { readonly orgId: string } | Response | null;

export interface UsageHandlerOptions<E extends Env>
  extends Pick<EntitlementsHandlerOptions, "problemType" | "onError"> {
  /**
   * Says whose usage this request may see: `{ orgId }`, a `Response` of your own, or null to refuse with 403. An
   * `HTTPException` goes to `app.onError`. The organisation must come from the session or a checked membership.
   */
  readonly authorize: (c: Context<E>) => Authorized | Promise<Authorized>;
}

/**
 * The usage endpoint as a handler, for `app.all(path, usageHandler(…))`: `GET` and `HEAD` answer with every entitlement of
 * the authorised organisation and an ETag. Throws a `ConfigurationError` when made without `authorize`.
 */
export function usageHandler<E extends Env = Env>(
  entitlements: EntitlementsHandlerOptions["entitlements"],
  options: UsageHandlerOptions<E>,
): Handler<E, string, object, Promise<Response>> {
  const { authorize, ...others } = options ?? {};
  if (typeof authorize !== "function") {
    throw new ConfigurationError(
      "usageHandler wants `authorize: (c) => ({ orgId }) | Response | null`; there is no default that allows.",
    );
  }
  const contexts = new WeakMap<Request, Context<E>>();
  const refusals = new WeakMap<Request, unknown>();
  const answer = createEntitlementsHandler({
    ...others,
    entitlements,
    async authorize(request) {
      const c = contexts.get(request);
      try {
        return c === undefined ? null : await authorize(c);
      } catch (error) {
        if (!isAnswerable(error)) throw error;
        refusals.set(request, error);
        return null;
      }
    },
  });
  return async (c) => {
    const request = c.req.raw;
    contexts.set(request, c);
    const response = await answer(request);
    if (refusals.has(request)) throw refusals.get(request);
    return response;
  };
}
