import type { Usage } from "@x/entitlements-core/wire";
import { isRefusal, type ReadUsage } from "./usage-request.ts";

/** A row of the answer that could not be understood, e.g. one of a newer server. Checks deny it. */
export interface UnreadableUsage {
  readonly resourceType: string;
  readonly label: string;
}

/** What is known about one organisation's usage. */
export type EntitlementsState =
  | { readonly status: "loading"; readonly entitlements: null; readonly error: null; readonly isStale: false }
  | { readonly status: "error"; readonly entitlements: null; readonly error: Error; readonly isStale: false }
  | {
      readonly status: "ready";
      readonly orgId: string;
      readonly entitlements: readonly Usage[];
      readonly unreadable: readonly UnreadableUsage[];
      /** Why the latest refetch failed; null where it did not. */
      readonly error: Error | null;
      /** The latest refetch failed: these are the numbers of an earlier one. */
      readonly isStale: boolean;
    };

export const LOADING: EntitlementsState = { status: "loading", entitlements: null, error: null, isStale: false };

/** What is known after the latest attempt to load. A failure keeps the numbers of an earlier one, unless it hides them. */
export function toState(data: ReadUsage | undefined, error: unknown): EntitlementsState {
  const failure = error == null ? null : error instanceof Error ? error : new Error(String(error), { cause: error });
  if (data !== undefined && !isRefusal(error)) {
    const { orgId, entitlements, unreadable } = data;
    return { status: "ready", orgId, entitlements, unreadable, error: failure, isStale: failure !== null };
  }
  if (failure !== null) return { status: "error", entitlements: null, error: failure, isStale: false };
  return LOADING;
}
