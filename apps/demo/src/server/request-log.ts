import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import type { DemoEnvironment } from "./environment.ts";
import type { Log } from "./log.ts";

const HEADER = "X-Request-Id";

const requests = new AsyncLocalStorage<{ readonly requestId: string }>();

/** A log whose lines say which request they belong to, however deep inside it they are written. */
export function withRequestId(log: Log): Log {
  return (level, event, data) => log(level, event, { ...requests.getStore(), ...data });
}

/** Gives each request an id, or takes that of a proxy, and writes one line about it. */
export function logRequests(log: Log): MiddlewareHandler<DemoEnvironment> {
  return (c, next) => {
    const given = c.var.client.byProxy ? (c.req.header(HEADER) ?? "") : "";
    const requestId = /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
    return requests.run({ requestId }, async () => {
      const start = performance.now();
      await next();
      c.header(HEADER, requestId);
      // Whoever asks every few seconds whether the demo is up would hide everything else.
      if (c.req.path === "/healthz") return;
      const ms = Math.round((performance.now() - start) * 10) / 10;
      log("info", "request", { method: c.req.method, path: loggedPath(c.req.path), status: c.res.status, ms });
    });
  };
}

/** The path without what is nobody's business: the link of an invitation lets anybody ask about it, and addresses are people's. */
export function loggedPath(path: string): string {
  const parts = path.slice(0, 200).split("/");
  const isPrivate = (part: string, index: number) => parts[index - 1] === "invitations" || /@|%40/i.test(part);
  return parts.map((part, index) => (part !== "" && isPrivate(part, index) ? "***" : part)).join("/");
}
