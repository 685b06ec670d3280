import { isConfigurationError, isEntitlementsError } from "@x/entitlements-core/errors";
import { problemFrom, problemResponse } from "@x/entitlements-core/http";
import { APIError } from "better-auth/api";

const STATUS = { 400: "BAD_REQUEST", 402: "PAYMENT_REQUIRED", 409: "CONFLICT", 503: "SERVICE_UNAVAILABLE" } as const;

/**
 * An error of the enforcement as better-auth sends it: its body is the problem document, the same as at every other door.
 * What is wrong with the set-up, and what is none of ours, stays as it is, for better-auth to log and to answer with a 500.
 */
export function asApiError(error: unknown): unknown {
  if (!isEntitlementsError(error) || isConfigurationError(error)) return error;
  const problem = problemFrom(error);
  const status = Object.entries(STATUS).find(([number]) => Number(number) === problem.status)?.[1];
  if (status === undefined) return error;
  const { "content-type": _type, ...headers } = Object.fromEntries(problemResponse(error).headers);
  return new APIError(status, { ...problem, cause: error }, headers);
}
