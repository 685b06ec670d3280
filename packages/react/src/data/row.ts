import type { Usage } from "@x/entitlements-core/wire";
import { type DisplayStatus, displayStatus } from "../display-status.ts";
import type { EntitlementsState } from "./state.ts";

/** What is known of one resource. `usage` is as the server sent it, `label` what people call it; null where not known (yet). */
export type Row =
  | { readonly status: DisplayStatus; readonly usage: Usage; readonly label: string }
  | { readonly status: "loading" | "error" | "unconfigured"; readonly usage: null; readonly label: string | null };

/** What an identifier such as "seat:billing_admin" says to people, where the server's label is not known: "Billing admin". */
export function nameOf(identifier: string): string {
  const words = identifier.replace(/.*:/, "").replaceAll(/[_-]+/g, " ");
  return words.replace(/^./u, (first) => first.toUpperCase());
}

export function rowOf(state: EntitlementsState, resourceType: string): Row {
  if (state.status !== "ready") return { status: state.status, usage: null, label: null };
  const isIt = (row: { readonly resourceType: string }) => row.resourceType === resourceType;
  const broken = state.unreadable.find(isIt);
  if (broken) return { status: "error", usage: null, label: broken.label };
  const usage = state.entitlements.find(isIt);
  if (!usage) return { status: "unconfigured", usage: null, label: null };
  return { status: displayStatus(usage), usage, label: usage.label };
}
