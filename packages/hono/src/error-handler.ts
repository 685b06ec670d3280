import { type EntitlementsError, isEntitlementsError } from "@x/entitlements-core";
import { type ProblemOptions, problemResponse } from "@x/entitlements-core/http";
import type { Context, ErrorHandler } from "hono";
import { EntitlementException, isAnswerable } from "./entitlement-exception.ts";
import { forgetBodyHeaders } from "./response.ts";

export interface ErrorHandlerOptions {
  /** Answers what is no error of the enforcement. Without it an `HTTPException` answers itself, and the rest is a plain 500. */
  readonly otherwise?: ErrorHandler | undefined;
  /** Told what went wrong behind a 5xx of ours, whose answer says nothing of it. Without it `console.error`. */
  readonly onError?: ((error: unknown, c: Context) => void) | undefined;
  /** The documentation page of a problem's code. Without it a URN. */
  readonly problemType?: ProblemOptions["type"];
}

/** Which error of a chain of causes is looked at last. */
const DEEPEST = 10;

/**
 * For `app.onError`: answers every error of the enforcement with its problem document, whether a gate threw it or a call in
 * a handler, also where something wrapped it.
 */
export function entitlementsErrorHandler(options: ErrorHandlerOptions = {}): ErrorHandler {
  const { otherwise, problemType, onError = (error) => console.error("@x/entitlements-hono", error) } = options;

  function answer(error: unknown, c: Context, problem: ProblemOptions): Response {
    const response = problemResponse(error, problem);
    if (response.status >= 500) report(error, c);
    forgetBodyHeaders(c);
    // With the headers that were set before, as Hono's own handler has them: the id of the request, those of CORS.
    return c.newResponse(response.body, response);
  }

  function report(error: unknown, c: Context): void {
    try {
      onError(error, c);
    } catch (failed) {
      console.error("@x/entitlements-hono: onError failed", failed, error);
    }
  }

  return (error, c) => {
    const problem = { instance: c.req.path, type: problemType };
    if (error instanceof EntitlementException) {
      return answer(error.cause, c, { ...problem, type: error.problem.type ?? problemType });
    }
    const ours = isAnswerable(error) ? undefined : entitlementsErrorIn(error);
    if (ours !== undefined) return answer(ours, c, problem);
    if (otherwise !== undefined) return otherwise(error, c);
    if (!isAnswerable(error)) return answer(error, c, problem);
    const response = error.getResponse();
    return c.newResponse(response.body, response);
  };
}

/** Our error that something of the host's was thrown for. A response that the host made of one is the host's to give. */
function entitlementsErrorIn(error: unknown): EntitlementsError | undefined {
  let one = error;
  for (let depth = 0; depth <= DEEPEST && typeof one === "object" && one !== null; depth++) {
    if (isEntitlementsError(one)) return one;
    if (!("cause" in one)) return undefined;
    one = one.cause;
  }
  return undefined;
}
