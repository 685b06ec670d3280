import { z } from "@hono/zod-openapi";

// Core's schemas are of zod/mini, which no OpenAPI generator reads. Tests hold these to what core answers.
const units = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

const common = {
  type: z.string().openapi({ format: "uri-reference", example: "urn:entitlements:problem:limit-reached" }),
  title: z.string(),
  detail: z.string().openapi({ description: "For people, in English; `code` and the numbers are for programs." }),
  instance: z.string().optional().openapi({ description: "The path of the request." }),
};

const limitReached = z
  .object({
    ...common,
    status: z.literal(402),
    code: z.literal("ENTITLEMENT_LIMIT_REACHED"),
    resourceType: z.string().openapi({ example: "quota:project" }),
    current: units.openapi({ description: "What counted against the limit when the claim was refused." }),
    limit: units,
    requested: units,
    resetsAt: z
      .string()
      .nullable()
      .openapi({ description: "ISO-8601 UTC; null where the count never resets by itself." }),
  })
  .openapi("EntitlementLimitReached");

const featureDisabled = z
  .object({
    ...common,
    status: z.literal(402),
    code: z.literal("ENTITLEMENT_FEATURE_DISABLED"),
    resourceType: z.string().openapi({ example: "feature:sso" }),
  })
  .openapi("EntitlementFeatureDisabled");

/** The body of a 402. */
export const denied = z.discriminatedUnion("code", [limitReached, featureDisabled]).openapi("EntitlementDenied");

const busy = z
  .object({
    ...common,
    status: z.literal(503),
    code: z.enum(["ENTITLEMENT_LOCK_TIMEOUT", "ENTITLEMENT_TRANSACTION_CONFLICT"]),
  })
  .openapi("EntitlementBusy");

const storageFailed = z
  .object({
    ...common,
    status: z.literal(503),
    code: z.literal("ENTITLEMENT_STORAGE"),
    outcome: z
      .enum(["rolled-back", "unknown"])
      .openapi({ description: "Whether it is known that nothing was saved, or not known whether the change was." }),
  })
  .openapi("EntitlementStorageFailed");

/** The body of a 503. */
export const unavailable = z.discriminatedUnion("code", [busy, storageFailed]).openapi("EntitlementUnavailable");

/** The body of the usage endpoint's 403. */
export const forbidden = z
  .object({ ...common, status: z.literal(403), code: z.literal("ENTITLEMENT_FORBIDDEN") })
  .openapi("EntitlementForbidden");
