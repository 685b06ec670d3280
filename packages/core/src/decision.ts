import { FeatureDisabledError, LimitReachedError } from "./errors.ts";
import type { Kind } from "./resources.ts";
import { type Limit, remaining } from "./status.ts";

/** One claim beside what counts and what is allowed. */
export interface Question {
  readonly resourceType: string;
  readonly kind: Kind;
  readonly label: string;
  readonly limit: Limit;
  readonly current: number;
  /** Units claimed; zero and below never grow and always pass. */
  readonly amount: number;
  /** Units of `current` that the claim takes the place of. */
  readonly replaced?: number;
}

/** Why a claim does not fit, or null where it does. Pure. */
export function refusal(orgId: string, question: Question): LimitReachedError | FeatureDisabledError | null {
  const { resourceType, kind, label, limit, current, amount, replaced = 0 } = question;
  if (amount <= 0 || limit === null) return null;
  if (kind === "feature") return limit >= 1 ? null : new FeatureDisabledError({ orgId, resourceType, label });
  // Not `current + amount <= limit`: two safe integers can add up to an unsafe one.
  if (amount <= limit - (current - replaced)) return null;
  return new LimitReachedError({ orgId, resourceType, label, current, limit, requested: amount });
}

/** What is left after a granted claim, in units; null when unlimited. A feature has no units to use up. */
export function remainingAfter({ kind, limit, current, amount }: Question): Limit {
  return remaining(limit, kind === "feature" ? current : Math.max(0, current + amount));
}
