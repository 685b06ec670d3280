/**
 * What travels between server and browser, and the maths to show it: zod schemas, status, seats. Loads nothing of Node.
 */
import * as z from "zod/mini";
import { RESOURCE_TYPE_PATTERN } from "./resource-type.ts";

export { type Problem, parseProblem, problemSchema } from "./problem-schema.ts";
export { isResourceType, RESOURCE_TYPE_PATTERN, type ResourceType } from "./resource-type.ts";
export { defineSeats, type Seats } from "./seats.ts";
export { type Limit, NEAR_AT, percent, remaining, type Status, statusOf } from "./status.ts";

/** A resource type, `category:name`. */
export const resourceTypeSchema = z.string().check(z.regex(RESOURCE_TYPE_PATTERN));

/** Units: a whole number from 0 to 2^53 − 1. */
export const unitsSchema = z.int().check(z.nonnegative());

/** A limit in units; 0 is blocked, null is unlimited. */
export const limitSchema = z.nullable(unitsSchema);

export const statusSchema = z.enum(["unlimited", "blocked", "ok", "near", "at", "over"]);

/** One line of an organisation's usage. `resetsAt` is ISO-8601 UTC; null where the count never resets by itself. */
export const usageSchema = z.object({
  resourceType: resourceTypeSchema,
  label: z.string(),
  kind: z.enum(["count", "feature"]),
  limit: limitSchema,
  current: unitsSchema,
  reserved: unitsSchema,
  remaining: limitSchema,
  status: statusSchema,
  resetsAt: z.nullable(z.iso.datetime()),
});
export type Usage = z.infer<typeof usageSchema>;

/** The body that the usage endpoint answers with. */
export const usageResponseSchema = z.object({ orgId: z.string(), entitlements: z.array(usageSchema) });
export type UsageResponse = z.infer<typeof usageResponseSchema>;
