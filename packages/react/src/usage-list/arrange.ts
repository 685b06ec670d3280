import type { Usage } from "@x/entitlements-core/wire";
import type { UnreadableUsage } from "../data/state.ts";
import type { DisplayStatus } from "../display-status.ts";

/** A row of the list; `usage` is null where the server's row could not be understood. */
export interface UsageRow {
  readonly resourceType: string;
  readonly label: string;
  readonly usage: Usage | null;
}

/** `server` keeps the server's order, `severity` puts what needs attention first. */
export type UsageSort = "server" | "severity" | "label" | ((a: UsageRow, b: UsageRow) => number);

export interface UsageGroup {
  /** The part of the resource types before the colon; null for a list without groups. */
  readonly category: string | null;
  readonly rows: readonly UsageRow[];
}

export interface Arrangement {
  readonly sort: UsageSort;
  readonly grouped: boolean;
  readonly filter?: ((row: UsageRow) => boolean) | undefined;
  readonly locale: string;
}

/** Puts the rows in order, in one group or in one for each category. Rows that compare equal keep the server's order. */
export function arrange(
  entitlements: readonly Usage[],
  unreadable: readonly UnreadableUsage[],
  { sort, grouped, filter = () => true, locale }: Arrangement,
): readonly UsageGroup[] {
  const every: UsageRow[] = [
    ...entitlements.map((usage) => ({ ...usage, usage })),
    ...unreadable.map((row) => ({ ...row, usage: null })),
  ];
  const rows = every.filter(filter).sort(comparator(sort, locale));
  const groups = new Map<string | null, UsageRow[]>();
  for (const row of rows) {
    const category = grouped ? row.resourceType.replace(/:.*/, "") : null;
    groups.set(category, [...(groups.get(category) ?? []), row]);
  }
  return [...groups].map(([category, rows]) => ({ category, rows }));
}

const URGENCY: readonly DisplayStatus[] = ["over", "at", "error", "near", "ok", "blocked", "unlimited"];

function comparator(sort: UsageSort, locale: string): (a: UsageRow, b: UsageRow) => number {
  if (typeof sort === "function") return sort;
  if (sort === "label") return (a, b) => a.label.localeCompare(b.label, locale);
  if (sort === "severity") return (a, b) => urgency(a) - urgency(b);
  return () => 0;
}

function urgency({ usage }: UsageRow): number {
  // A feature that is on stands at 1 of 1 at most, which is nothing to attend to.
  const status = usage === null ? "error" : usage.kind === "feature" && usage.limit !== 0 ? "ok" : usage.status;
  return URGENCY.indexOf(status);
}
