import { STATUS_CODES } from "node:http";
import { problemResponse } from "@x/entitlements-core/http";
import type { ErrorHandler, NotFoundHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Log } from "./log.ts";

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

export const notFound: NotFoundHandler = (c) => problem(404, "There is nothing here.", c.req.path);

/** Answers whatever a route throws. What went wrong inside is for the log alone. */
export function answerErrors(log: Log): ErrorHandler {
  return (error, c) => {
    const { method, path } = c.req;
    if (error instanceof HTTPException) return problem(error.status, error.message, path);
    const response = problemResponse(error, { instance: path });
    if (response.status >= 500) log("error", "request.failed", { method, path, error: error.stack ?? error.message });
    return response;
  };
}
