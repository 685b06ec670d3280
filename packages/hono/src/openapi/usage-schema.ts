import { z } from "@hono/zod-openapi";
import { RESOURCE_TYPE_PATTERN } from "@x/entitlements-core/wire";

const units = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

const entitlement = z
  .object({
    resourceType: z.string().regex(RESOURCE_TYPE_PATTERN).openapi({ example: "quota:project" }),
    label: z.string(),
    kind: z.enum(["count", "feature"]),
    limit: units.nullable().openapi({ description: "0 is blocked, null is unlimited." }),
    current: units.openapi({ description: "What counts against the limit now." }),
    reserved: units.openapi({ description: "The part of `current` that is only held, not yet taken." }),
    remaining: units.nullable().openapi({ description: "null is unlimited." }),
    status: z.enum(["unlimited", "blocked", "ok", "near", "at", "over"]),
    resetsAt: z.iso.datetime().nullable().openapi({ description: "null where the count never resets by itself." }),
  })
  .openapi("Entitlement");

/** The body that the usage endpoint answers with. */
export const usage = z.object({ orgId: z.string(), entitlements: z.array(entitlement) }).openapi("EntitlementUsage");
