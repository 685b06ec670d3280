/** The most an organisation may have: a non-negative safe integer; 0 is blocked, null is unlimited. */
export type Limit = number | null;

/** Where an organisation stands against one limit. */
export type Status = "unlimited" | "blocked" | "ok" | "near" | "at" | "over";

/** From this share of the limit on the status is `near`, unless told otherwise. */
export const NEAR_AT = 0.8;

/** Units that are still free: `max(0, limit − current)`, or null when unlimited. */
export function remaining(limit: Limit, current: number): Limit {
  return limit === null ? null : Math.max(0, limit - current);
}

/** Usage as a share of the limit in percent: above 100 when over, 100 for a limit of 0, null when unlimited. */
export function percent(limit: Limit, current: number): number | null {
  if (limit === null) return null;
  // Multiplied first, so that 29 of 100 is 29 and not 28.999999999999996.
  return limit === 0 || current === limit ? 100 : (current * 100) / limit;
}

/**
 * The status shown for a count against its limit. Usage above the limit is `over` also where the limit is 0,
 * so that a limit lowered to nothing under live usage is reported; an unused limit of 0 is `blocked`.
 */
export function statusOf(limit: Limit, current: number, nearAt: number = NEAR_AT): Status {
  if (limit === null) return "unlimited";
  if (current > limit) return "over";
  if (limit === 0) return "blocked";
  if (current === limit) return "at";
  // Divided, not multiplied: 55 / 100 is 0.55 exactly as written, 100 * 0.55 is more than 55.
  return current / limit >= nearAt ? "near" : "ok";
}
