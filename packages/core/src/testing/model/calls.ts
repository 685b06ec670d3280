import type { Limit } from "../../status.ts";
import type { SuiteType } from "../harness.ts";

/** The resource types of a history: those of the suite, and people where the adapter under test counts them. */
export type ModelType = SuiteType | "seat:person";

export type Claims = { readonly [Type in ModelType]?: number };

/** How a reservation is named: by its key, or as the n-th that the history has made so far for the organisation. */
export type Naming = { readonly key: string } | { readonly nth: number };

/** One operation of a history, as it is made up. Times are whole seconds. */
export type Planned =
  | {
      readonly does: "enforce";
      readonly org: string;
      readonly claims: Claims;
      readonly key: string | null;
      /** What `when` answers, after adding a thing where it `inserts`; null: there is none. */
      readonly when: { readonly answers: boolean; readonly inserts: boolean } | null;
      /** Whether the function throws once it has written. */
      readonly fails: boolean;
      /** Whom a claim of people is about, and whether that person joins or is only invited. */
      readonly person: string;
      readonly joins: boolean;
    }
  | { readonly does: "consume"; readonly org: string; readonly claims: Claims; readonly key: string | null }
  | {
      readonly does: "setLimit";
      readonly org: string;
      readonly type: ModelType;
      readonly limit: Limit;
      readonly ttl: number | null;
    }
  | { readonly does: "clearLimit"; readonly org: string; readonly type: ModelType }
  | {
      readonly does: "reserve";
      readonly org: string;
      readonly type: Exclude<ModelType, "feature:switch">;
      readonly amount: number;
      readonly key: string | null;
      readonly covers: readonly string[];
      readonly ttl: number;
    }
  | { readonly does: "confirm"; readonly org: string; readonly which: Naming; readonly fails: boolean }
  | { readonly does: "release"; readonly org: string; readonly which: Naming }
  | { readonly does: "check"; readonly org: string; readonly type: ModelType; readonly amount: number }
  | { readonly does: "resolve"; readonly org: string; readonly type: ModelType }
  /** `rows`: the host's own, read past the SDK. */
  | { readonly does: "usage" | "limits" | "forget" | "rows"; readonly org: string }
  /** Moves the clock that all instances share. */
  | { readonly does: "advance"; readonly seconds: number }
  /** Several in one transaction, opened by the host or by an enforcement, which commits or is rolled back. */
  | {
      readonly does: "joined";
      readonly within: "host" | "enforce";
      readonly org: string;
      readonly calls: readonly Planned[];
      readonly rollsBack: boolean;
    };

/** What was only known about an operation when it began. */
export interface Particulars {
  readonly number: number;
  /** `setLimit`: when that limit ends. */
  readonly expiresAt: number | null;
  /** `confirm`, `release`: which reservation is meant, and what the host writes when it is confirmed. */
  readonly hold: { readonly id: string } | { readonly key: string };
  readonly items: number;
  readonly joining: string | null;
}

/** What an operation came to: a word, and what it tells. */
export type Outcome = { readonly [word: string]: unknown };

/** An operation that is over. */
export interface Done {
  readonly call: Planned;
  readonly particulars: Particulars;
  readonly outcome: Outcome;
  /** When it began and ended, on a count of all such events: who ended before another began came before it. */
  readonly from: number;
  readonly to: number;
  /** What the clock showed meanwhile. */
  readonly times: readonly number[];
  /** `joined`: what was done inside, in this order. */
  readonly inner: readonly Done[];
}
