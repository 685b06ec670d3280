import { ConfigurationError } from "./errors.ts";
import { createEmitter } from "./events.ts";
import { type ProblemOptions, plainProblemResponse, problemResponse } from "./problem.ts";
import { quote } from "./quote.ts";
import type { Usage } from "./usage.ts";
import type { UsageResponse } from "./wire.ts";

export { type ProblemOptions, problemFrom, problemResponse } from "./problem.ts";
export { type Problem, parseProblem } from "./problem-schema.ts";

export interface EntitlementsHandlerOptions {
  /** What `createEntitlements` returned. */
  readonly entitlements: { usage(request: { orgId: string }): Promise<readonly Usage[]> };
  /**
   * Says whose usage this request may see: `{ orgId }`, a `Response` of your own, or null to refuse with 403. The
   * organisation must come from the session or a checked membership, never from the URL alone.
   */
  readonly authorize: (request: Request) => Authorized | Promise<Authorized>;
  /** The documentation page of a problem's code. Without it a URN. */
  readonly problemType?: ProblemOptions["type"];
  /** Told what went wrong behind a 5xx, whose answer says nothing of it. Its failures are logged. Without it `console.error`. */
  readonly onError?: (error: unknown) => void;
}

type Authorized = { readonly orgId: string } | Response | null;

/**
 * The usage endpoint for any fetch-style server: answers `GET` with every entitlement of the authorised organisation,
 * with a strong ETag. Throws a `ConfigurationError` when made without `authorize`.
 */
export function createEntitlementsHandler(
  options: EntitlementsHandlerOptions,
): (request: Request) => Promise<Response> {
  const {
    entitlements,
    authorize,
    problemType: type,
    onError = (error) => console.error("@x/entitlements-core: usage handler", error),
    ...unknown
  } = options;
  const [misspelt] = Object.keys(unknown);
  if (misspelt !== undefined) {
    throw new ConfigurationError(`createEntitlementsHandler has no option ${quote(misspelt)}. Mend the spelling.`);
  }
  if (typeof entitlements?.usage !== "function") {
    throw new ConfigurationError("createEntitlementsHandler wants `entitlements`: what createEntitlements() returned.");
  }
  if (typeof authorize !== "function") {
    throw new ConfigurationError(
      "createEntitlementsHandler wants `authorize: (request) => ({ orgId }) | Response | null`; there is no default that allows.",
    );
  }
  const report = createEmitter("onError", onError);
  return async (request) => {
    const instance = new URL(request.url).pathname;
    if (request.method !== "GET" && request.method !== "HEAD") {
      return plainProblemResponse(405, "ENTITLEMENT_METHOD_NOT_ALLOWED", "Use GET or HEAD.", {
        instance,
        type,
        headers: { Allow: "GET, HEAD" },
      });
    }
    try {
      const authorized = await authorize(request);
      if (authorized instanceof Response) return authorized;
      if (typeof authorized?.orgId !== "string" || authorized.orgId === "") {
        return plainProblemResponse(403, "ENTITLEMENT_FORBIDDEN", "You may not see this.", { instance, type });
      }
      const body: UsageResponse = {
        orgId: authorized.orgId,
        entitlements: [...(await entitlements.usage({ orgId: authorized.orgId }))],
      };
      return await cached(request, JSON.stringify(body));
    } catch (error) {
      const response = problemResponse(error, { instance, type });
      if (response.status >= 500) report(error);
      return response;
    }
  };
}

/** Answers with the body, or with 304 where the client has it already (RFC 9110, 13.1.2). */
async function cached(request: Request, body: string): Promise<Response> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(body)));
  const etag = `"${Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("")}"`;
  const headers = { ETag: etag, "Cache-Control": "private, no-cache" };
  const known = request.headers
    .get("If-None-Match")
    ?.split(",")
    .map((tag) => tag.trim().replace(/^W\//, ""));
  if (known?.some((tag) => tag === etag || tag === "*")) return new Response(null, { status: 304, headers });
  return new Response(request.method === "HEAD" ? null : body, {
    headers: { ...headers, "Content-Type": "application/json" },
  });
}
