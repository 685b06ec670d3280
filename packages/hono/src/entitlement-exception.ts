import { type EntitlementsError, isConfigurationError, isEntitlementsError } from "@x/entitlements-core";
import { type ProblemOptions, problemFrom, problemResponse } from "@x/entitlements-core/http";
import { HTTPException } from "hono/http-exception";

/** An error of the enforcement as one that Hono knows how to answer, with or without an error handler. */
export class EntitlementException extends HTTPException {
  readonly problem: ProblemOptions;

  constructor(cause: EntitlementsError, problem: ProblemOptions) {
    // Hosts put the message of an HTTPException into bodies: it says no more than the problem does.
    super(cause.status, { message: problemFrom(cause, problem).detail, cause });
    this.name = "EntitlementException";
    this.problem = problem;
  }

  override getResponse(): Response {
    return problemResponse(this.cause, this.problem);
  }
}

/**
 * What a gate throws for what stopped it. An error of the host's stays as it is, and so does a `ConfigurationError`: Hono
 * answers an HTTPException without a word in the log, and somebody has to mend that.
 */
export function thrownFor(error: unknown, problem: ProblemOptions): unknown {
  return isEntitlementsError(error) && !isConfigurationError(error) ? new EntitlementException(error, problem) : error;
}

/** Whether it brings its own response, as every `HTTPException` does. */
export function isAnswerable(error: unknown): error is { getResponse(): Response } {
  return (
    typeof error === "object" && error !== null && "getResponse" in error && typeof error.getResponse === "function"
  );
}
