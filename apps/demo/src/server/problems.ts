import { STATUS_CODES } from "node:http";
import { problemResponse } from "@x/entitlements-core/http";
import { entitlementsErrorHandler } from "@x/entitlements-hono";
import type { Context, ErrorHandler, NotFoundHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Log } from "./log.ts";
import { loggedPath } from "./request-log.ts";

/**
 * A problem of the demo's own, in the form of the entitlements' problems; `about:blank` says that the status tells it all.
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export function problem(
  status: number,
  detail: string,
  instance: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body = { type: "about:blank", title: STATUS_CODES[status] ?? "Error", status, detail, instance };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/problem+json", "Cache-Control": "no-store", ...headers },
  });
}

/** What is said of every route that does not exist. */
export const NOTHING_HERE = "There is nothing here.";

export const notFound: NotFoundHandler = (c) => problem(404, NOTHING_HERE, c.req.path);

/** Answers whatever a route throws. What went wrong inside is for the log alone. */
export function answerErrors(log: Log): ErrorHandler {
  const failed = (error: unknown, { req: { method, path } }: Context): void =>
    log("error", "request.failed", {
      method,
      path: loggedPath(path),
      error: error instanceof Error ? error.stack : String(error),
    });
  return entitlementsErrorHandler({
    onError: failed,
    otherwise(error, c) {
      if (error instanceof HTTPException) return problem(error.status, error.message, c.req.path);
      failed(error, c);
      return problemResponse(error, { instance: c.req.path });
    },
  });
}
