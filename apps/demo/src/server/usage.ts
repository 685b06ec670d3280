import { usageHandler as createUsageHandler } from "@x/entitlements-hono";
import type { Handler } from "hono";
import type { DemoEntitlements } from "./entitlements.ts";
import type { DemoEnvironment } from "./environment.ts";
import type { Log } from "./log.ts";

/** Answers with the usage of the organisation that the request is about, to those who manage it. */
export function usageHandler(entitlements: DemoEntitlements, log: Log): Handler<DemoEnvironment> {
  return createUsageHandler<DemoEnvironment>(entitlements, {
    authorize: (c) => (c.var.manages ? { orgId: c.var.organisation.id } : null),
    onError: (error) => log("error", "usage.failed", { error: String(error) }),
  });
}
