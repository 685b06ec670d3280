import * as z from "zod/mini";

const units = z.int().check(z.nonnegative());

const common = {
  type: z.string(),
  title: z.string(),
  /** For people, in English; `code` and the numbers are for programs. */
  detail: z.string(),
  instance: z.optional(z.string()),
};

const limitReached = z.object({
  ...common,
  status: z.literal(402),
  code: z.literal("ENTITLEMENT_LIMIT_REACHED"),
  resourceType: z.string(),
  current: units,
  limit: units,
  requested: units,
  resetsAt: z.nullable(z.string()),
});

const featureDisabled = z.object({
  ...common,
  status: z.literal(402),
  code: z.literal("ENTITLEMENT_FEATURE_DISABLED"),
  resourceType: z.string(),
});

const storage = z.object({
  ...common,
  status: z.literal(503),
  code: z.literal("ENTITLEMENT_STORAGE"),
  outcome: z.enum(["rolled-back", "unknown"]),
});

const other = z.object({
  ...common,
  status: z.int().check(z.gte(400), z.lte(599)),
  code: z.enum([
    "ENTITLEMENT_LOCK_TIMEOUT",
    "ENTITLEMENT_TRANSACTION_CONFLICT",
    "ENTITLEMENT_RESERVATION_CONFLICT",
    "ENTITLEMENT_RESERVATION_EXPIRED",
    "ENTITLEMENT_IDEMPOTENCY_MISMATCH",
    "ENTITLEMENT_INVALID_REQUEST",
    "ENTITLEMENT_FORBIDDEN",
    "ENTITLEMENT_METHOD_NOT_ALLOWED",
    "ENTITLEMENT_INTERNAL",
  ]),
});

/**
 * An RFC 9457 problem document of this package, told apart by `code`.
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export const problemSchema = z.discriminatedUnion("code", [limitReached, featureDisabled, storage, other]);
export type Problem = z.infer<typeof problemSchema>;

/** Reads a response body (already parsed as JSON) as one of our problem documents; null where it is none. */
export function parseProblem(body: unknown): Problem | null {
  const parsed = problemSchema.safeParse(body);
  return parsed.success ? parsed.data : null;
}
