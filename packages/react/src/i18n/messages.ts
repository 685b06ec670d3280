import type { CheckReason } from "../data/check.ts";
import type { Denial } from "../data/denial.ts";
import type { BillingMessages } from "./billing-messages.ts";
import type { Format } from "./format.ts";
import type { InviteMessages } from "./invite-messages.ts";
import type { PendingMessages } from "./pending-messages.ts";
import type { SeatMessages } from "./seat-messages.ts";

/** Counts of one resource, in units. `reserved` is the part of `current` that is only held. */
export interface Counts {
  readonly label: string;
  readonly current: number;
  readonly limit: number;
  readonly reserved: number;
}

/** What a bar says. */
export interface UsageMessages {
  /** Beside a bar: "8 of 10". */
  usage(counts: Counts, format: Format): string;
  /** The bar read aloud: "12 of 10 admin seats, 2 over the limit". */
  usageAloud(counts: Counts, format: Format): string;
  /** Beside a resource without a limit: "124 used". */
  used(values: { readonly current: number }, format: Format): string;
  /** "2 left" */
  left(values: { readonly remaining: number }, format: Format): string;
  /** "2 over the limit" */
  overBy(values: { readonly over: number }, format: Format): string;
  /** "1 reserved" */
  reserved(values: { readonly reserved: number }, format: Format): string;
  /** "Resets in 3 days"; `when` is formatted already. */
  resets(values: { readonly when: string }, format: Format): string;
  near(): string;
  at(): string;
  over(): string;
  unlimited(): string;
  blocked(): string;
  unconfigured(): string;
  /** A feature that the plan has. */
  included(): string;
  loading(): string;
  error(): string;
  retry(): string;
}

/**
 * Everything the components say, one function a sentence, so that a translation may order words as its language wants.
 * Give the provider those that you replace; English answers for the rest.
 */
export interface Messages extends UsageMessages, SeatMessages, InviteMessages, PendingMessages, BillingMessages {
  /** The numbers shown are those of an earlier answer. */
  refreshFailed(): string;
  empty(): string;
  emptyHint(): string;
  /** The heading of a `UsageList`. */
  usageTitle(): string;
  /** The heading of a group: the part of the resource types before the colon. */
  group(values: { readonly category: string }, format: Format): string;

  /** The heading of a refused request. `label` is null where nobody said what the resource is called. */
  denied(denial: Denial, format: Format): string;
  /** What the refusal means, below the heading. */
  deniedHint(denial: Denial, format: Format): string;
  seeUsage(): string;
  upgrade(): string;
  contactAdmin(): string;
  dismiss(): string;
  /** Why an action is not to be had. */
  reason(values: { readonly reason: CheckReason; readonly label: string | null }, format: Format): string;
}
