import { InvalidRequestError } from "./errors.ts";
import { quote } from "./quote.ts";
import { isResourceType } from "./resource-type.ts";
import type { Limit } from "./status.ts";

/** Longest organisation id, in UTF-16 code units: what an index key of every database holds with room to spare. */
const MAX_ORG_ID_LENGTH = 255;
const MAX_TEXT_LENGTH = 1000;
const MAX_KEY_LENGTH = 255;
const MAX_COVERED = 100;
const MAX_TTL_MS = 366 * 24 * 60 * 60 * 1_000;
// Later years are written with a sign in front, which sorts before every other date: such a limit would end at once.
const MAX_EXPIRY = new Date("9999-12-31T23:59:59.999Z");

/** Refuses a request that is no object or has a property we do not know: a misspelt option must not be ignored. */
export function assertRequest(method: string, request: unknown, known: readonly string[]): void {
  if (typeof request !== "object" || request === null) {
    throw new InvalidRequestError(
      "request",
      `${method}() wants an object such as { orgId: "acme" }, not ${quote(request)}.`,
    );
  }
  for (const key of Object.keys(request)) {
    if (!known.includes(key)) {
      throw new InvalidRequestError(key, `${method}() has no option ${quote(key)}. It takes: ${known.join(", ")}.`);
    }
  }
}

export function assertRecord(field: string, value: unknown): asserts value is Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return;
  throw new InvalidRequestError(
    field,
    `${field} must be an object such as { "quota:project": 1 }, not ${quote(value)}.`,
  );
}

export function assertOrgId(value: unknown, field = "orgId"): asserts value is string {
  if (typeof value !== "string" || value === "") {
    throw new InvalidRequestError(
      field,
      `${field} must be an organisation's id, a non-empty string, not ${quote(value)}.`,
    );
  }
  if (value.length > MAX_ORG_ID_LENGTH) {
    throw new InvalidRequestError(
      field,
      `${field} is ${value.length} characters long; at most ${MAX_ORG_ID_LENGTH} are taken.`,
    );
  }
  assertStorable(field, value);
}

export function assertAmount(field: string, value: unknown): asserts value is number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return;
  throw new InvalidRequestError(field, `${field} must be a whole number from 1 to 2^53 - 1, not ${quote(value)}.`);
}

/** The amounts of `claims` may also be negative (give-backs) or zero (neutral). */
export function assertDelta(field: string, value: unknown): asserts value is number {
  if (typeof value === "number" && Number.isSafeInteger(value)) return;
  throw new InvalidRequestError(
    field,
    `${field} must be a whole number between -(2^53 - 1) and 2^53 - 1, not ${quote(value)}.`,
  );
}

export function assertLimit(value: unknown): asserts value is Limit {
  if (value === null || (typeof value === "number" && Number.isSafeInteger(value) && value >= 0)) return;
  throw new InvalidRequestError(
    "limit",
    `limit must be a whole number from 0 (blocked) to 2^53 - 1, or null (unlimited), not ${quote(value)}.`,
  );
}

/** A remark to be stored; null when left out. */
export function optionalText(field: string, value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== "string" || value.length > MAX_TEXT_LENGTH) {
    throw new InvalidRequestError(
      field,
      `${field} must be a text of at most ${MAX_TEXT_LENGTH} characters, not ${quote(value)}.`,
    );
  }
  assertStorable(field, value);
  return value;
}

/** When a limit ends; null when left out. */
export function optionalExpiry(value: unknown): Date | null {
  if (value === undefined || value === null) return null;
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) {
    throw new InvalidRequestError("expiresAt", `expiresAt must be a valid Date, not ${quote(value)}.`);
  }
  if (value > MAX_EXPIRY) {
    throw new InvalidRequestError(
      "expiresAt",
      `expiresAt lies after the year 9999; leave it out for a limit without end.`,
    );
  }
  return value;
}

/** A name that the host gives: of a reservation, of a row that counts, of an operation that is to happen once. */
export function assertKey(field: string, value: unknown): asserts value is string {
  if (typeof value !== "string" || value === "" || value.length > MAX_KEY_LENGTH) {
    throw new InvalidRequestError(
      field,
      `${field} must be a text of 1 to ${MAX_KEY_LENGTH} characters, not ${quote(value)}.`,
    );
  }
  assertStorable(field, value);
}

export function assertCovers(value: unknown): asserts value is readonly string[] {
  if (!Array.isArray(value) || value.length > MAX_COVERED) {
    throw new InvalidRequestError(
      "covers",
      `covers must be a list of at most ${MAX_COVERED} keys, not ${quote(value)}.`,
    );
  }
  for (const key of value) assertKey("covers", key);
}

export function assertReservationId(value: unknown): asserts value is string {
  assertKey("id", value);
  if (isResourceType(value.slice(0, Math.max(0, value.indexOf("/"))))) return;
  throw new InvalidRequestError(
    "id",
    `${quote(value)} is no id of a reservation: pass the one that reserve() answered with.`,
  );
}

export function assertTtl(field: string, value: unknown): asserts value is number {
  if (isTtl(value)) return;
  throw new InvalidRequestError(
    field,
    `${field} must be a whole number of milliseconds from 1 to ${MAX_TTL_MS} (366 days), not ${quote(value)}.`,
  );
}

/** How long something may be kept that expires by itself. */
export function isTtl(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 && value <= MAX_TTL_MS;
}

export function assertPageSize(value: unknown): asserts value is number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1 && value <= 1000) return;
  throw new InvalidRequestError("pageSize", `pageSize must be a whole number from 1 to 1,000, not ${quote(value)}.`);
}

export function assertSignal(value: unknown): asserts value is AbortSignal | undefined {
  if (value === undefined || value instanceof AbortSignal) return;
  throw new InvalidRequestError("signal", `signal must be an AbortSignal, not ${quote(value)}.`);
}

/** `tx: null` is more likely a transaction that got lost than one left out on purpose. */
export function assertTx(value: unknown): void {
  if (value === null)
    throw new InvalidRequestError(
      "tx",
      "tx is null. Pass your open transaction, or leave `tx` out to let the SDK open one.",
    );
}

export function assertFunction(field: string, value: unknown): void {
  if (typeof value !== "function")
    throw new InvalidRequestError(field, `${field} must be a function (tx) => …, not ${quote(value)}.`);
}

// PostgreSQL's text cannot hold NUL, and half a surrogate pair is stored as another text than was given.
function assertStorable(field: string, value: string): void {
  if (value.includes("\0") || /\p{Surrogate}/u.test(value)) {
    throw new InvalidRequestError(
      field,
      `${field} holds a NUL character or half a surrogate pair, which cannot be stored unchanged.`,
    );
  }
}

/** Throws an `InvalidRequestError` on a `locking` that does not exist or goes together with nothing else that was asked. */
export function assertLocking(
  value: unknown,
  { tx, when }: { readonly tx: unknown; readonly when: unknown },
): asserts value is "before" | "at-commit" {
  if (value === "before") return;
  const field = "locking";
  if (value !== "at-commit")
    throw new InvalidRequestError(field, `locking must be "before" or "at-commit", not ${quote(value)}.`);
  if (tx !== undefined)
    throw new InvalidRequestError(
      field,
      'With `tx` the COMMIT is yours, so the lock cannot be taken with it. Leave out `locking: "at-commit"` or `tx`.',
    );
  if (when !== undefined)
    throw new InvalidRequestError(
      field,
      '`when` is asked inside the lock, which `locking: "at-commit"` takes only after the function. Leave one of them out.',
    );
}
