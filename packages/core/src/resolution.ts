import type { Override } from "./adapter.ts";
import type { Limit } from "./status.ts";

/** The limit that holds and where it comes from; `none` means that nothing limits the organisation (limit null). */
export interface ResolvedEntitlement {
  readonly limit: Limit;
  readonly source: "override" | "none";
}

/** An unexpired override decides; without one nothing is limited. Pure. */
export function resolve(override: Override | null): ResolvedEntitlement {
  return override === null ? { limit: null, source: "none" } : { limit: override.limit, source: "override" };
}
