import {
  isFeatureDisabledError,
  isIdempotencyMismatchError,
  isInvalidRequestError,
  isLimitReachedError,
  isLockTimeoutError,
  isReservationConflictError,
  isReservationExpiredError,
  isStorageError,
  isTransactionConflictError,
} from "./errors.ts";
import type { Problem } from "./problem-schema.ts";

export interface ProblemOptions {
  /** The request's path, for `instance`. */
  readonly instance?: string | undefined;
  /** The documentation page of a code. Without it a URN: `urn:entitlements:problem:limit-reached`. */
  readonly type?: ((code: Problem["code"]) => string) | undefined;
}

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  402: "Payment Required",
  403: "Forbidden",
  405: "Method Not Allowed",
  409: "Conflict",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/**
 * The problem document for anything thrown. What is not one of our errors, or tells of our set-up, comes out as a plain
 * 500 that says nothing of the inside.
 */
export function problemFrom(error: unknown, options: ProblemOptions = {}): Problem {
  if (isLimitReachedError(error)) {
    const { label, resourceType, current, limit, requested } = error;
    const detail = `${label} limit reached (${current}/${limit})`;
    return { ...describe(402, error.code, detail, options), resourceType, current, limit, requested, resetsAt: null };
  }
  if (isFeatureDisabledError(error)) {
    const detail = `${error.label} is not part of your plan`;
    return { ...describe(402, error.code, detail, options), resourceType: error.resourceType };
  }
  if (isStorageError(error)) {
    const detail =
      error.outcome === "unknown"
        ? "The database failed; it is not known whether the change was saved."
        : "The database failed; nothing was saved.";
    return { ...describe(503, error.code, detail, options), outcome: error.outcome };
  }
  if (isLockTimeoutError(error) || isTransactionConflictError(error)) {
    return describe(503, error.code, "Too many changes at once; nothing was saved. Try again.", options);
  }
  if (isReservationConflictError(error)) {
    return describe(409, error.code, "Another attempt is under way; nothing was saved. Try again.", options);
  }
  if (isReservationExpiredError(error)) {
    return describe(409, error.code, "This took too long; nothing was saved. Start again.", options);
  }
  if (isIdempotencyMismatchError(error)) {
    return describe(409, error.code, "This key was used for something else; nothing was saved.", options);
  }
  if (isInvalidRequestError(error)) return describe(400, error.code, error.message, options);
  return describe(500, "ENTITLEMENT_INTERNAL", "Something went wrong on our side.", options);
}

/** The problem document as an HTTP response, never cached; it says when to come back where that helps. */
export function problemResponse(error: unknown, options: ProblemOptions = {}): Response {
  const seconds = retryAfter(error);
  return respond(problemFrom(error, options), seconds === null ? {} : { "Retry-After": String(seconds) });
}

/** A problem that is no error of the enforcement: not allowed, wrong method. */
export function plainProblemResponse(
  status: 403 | 405,
  code: "ENTITLEMENT_FORBIDDEN" | "ENTITLEMENT_METHOD_NOT_ALLOWED",
  detail: string,
  options: ProblemOptions & { readonly headers?: Readonly<Record<string, string>> } = {},
): Response {
  return respond(describe(status, code, detail, options), options.headers ?? {});
}

/** The members that every problem has, in the order in which people read them. */
function describe<Status extends number, Code extends Problem["code"]>(
  status: Status,
  code: Code,
  detail: string,
  { instance, type }: ProblemOptions,
) {
  const urn = `urn:entitlements:problem:${code.replace("ENTITLEMENT_", "").replaceAll("_", "-").toLowerCase()}`;
  const title: string = TITLES[status] ?? "Error";
  return { type: type?.(code) ?? urn, title, status, code, detail, ...(instance === undefined ? {} : { instance }) };
}

function retryAfter(error: unknown): number | null {
  const passing =
    isLockTimeoutError(error) ||
    isTransactionConflictError(error) ||
    isStorageError(error) ||
    isReservationConflictError(error);
  return passing ? error.retryAfterSeconds : null;
}

function respond(problem: Problem, headers: Readonly<Record<string, string>>): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { "Content-Type": "application/problem+json", "Cache-Control": "no-store", ...headers },
  });
}
