import { ConfigurationError } from "@x/entitlements-core/errors";

/** What drivers make of values, which differs with them and with how hosts have set them. */

/** A nullable text column. */
export function text(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

/** A number, or a text that is one. Throws a `ConfigurationError` on anything else: it must not be taken for a count or a limit. */
export function numberOf(value: unknown): number {
  const number = value === null || value === "" || typeof value === "object" ? Number.NaN : Number(value);
  if (Number.isNaN(number)) throw unreadable();
  return number;
}

/** Seconds since 1970, as `extract(epoch from …)` tells them. */
export function dateOf(seconds: unknown): Date {
  return new Date(Math.floor(Math.round(numberOf(seconds) * 1_000_000) / 1_000));
}

/** What to say where an answer lacks a column, or has it in a form that nobody can read. */
export function unreadable(): ConfigurationError {
  return new ConfigurationError(
    "The driver answered without a column that the SDK had asked for, or with no number where one was. Take away what renames, drops or parses columns of the SDK's statements.",
  );
}
