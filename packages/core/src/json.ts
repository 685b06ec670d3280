import { InvalidRequestError } from "./errors.ts";
import { quote } from "./quote.ts";

/** What a function without a result returns. */
type Nothing = ReturnType<() => void>;

/** A type as it comes back from JSON; `never` where it would come back as something else, or not at all. */
export type Jsonable<T> = T extends string | number | boolean | null | undefined | Nothing
  ? T
  : T extends bigint | symbol | ((...args: never) => unknown)
    ? never
    : T extends object
      ? { readonly [K in keyof T]: Jsonable<T[K]> }
      : never;

/** Longest result that is kept, in bytes of JSON. */
const MAX_BYTES = 64 * 1024;

/**
 * The result of an enforced function as JSON; null where it returned nothing. Throws an `InvalidRequestError` where it
 * would come back as something else, or is longer than 64 kB.
 */
export function resultToJson(result: unknown): string | null {
  if (result === undefined) return null;
  assertJson(result, "The function's result", 0);
  const json = JSON.stringify(result);
  const bytes = new TextEncoder().encode(json).length;
  if (bytes <= MAX_BYTES) return json;
  throw new InvalidRequestError(
    "idempotencyKey",
    `The function's result takes ${bytes} bytes as JSON; at most ${MAX_BYTES} are kept for a repetition, so everything was undone. Return an id instead.`,
  );
}

/** What was kept, as the function returned it. */
export function resultFromJson<Result>(json: string | null): Result {
  const kept: { result: Result } = JSON.parse(json === null ? "{}" : `{ "result": ${json} }`);
  return kept.result;
}

/** Deeper ones may be circular, and are no result to keep in any case. */
const MAX_DEPTH = 100;

function assertJson(value: unknown, path: string, depth: number): void {
  if (value === null || typeof value === "string" || typeof value === "boolean" || value === undefined) return;
  if (typeof value === "number" && Number.isFinite(value) && !Object.is(value, -0)) return;
  if (Array.isArray(value) && depth < MAX_DEPTH && isPlain(value)) {
    // By index, so that holes are seen; what is undefined in a list would come back as null.
    for (let index = 0; index < value.length; index++) {
      if (value[index] === undefined) throw notJson(`${path}[${index}]`, value[index]);
      assertJson(value[index], `${path}[${index}]`, depth + 1);
    }
    return;
  }
  if (typeof value === "object" && depth < MAX_DEPTH && isPlain(value)) {
    for (const [key, part] of Object.entries(value)) assertJson(part, `${path}[${JSON.stringify(key)}]`, depth + 1);
    return;
  }
  throw notJson(path, value);
}

function isPlain(value: object): boolean {
  if ("toJSON" in value) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === null || prototype === Object.prototype || isForeignPlain(prototype);
}

// A plain object of another realm, such as a test runner's.
function isForeignPlain(prototype: unknown): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(Object(prototype), "hasOwnProperty");
}

function notJson(path: string, value: unknown): InvalidRequestError {
  return new InvalidRequestError(
    "idempotencyKey",
    `${path} is ${quote(value)}, which does not come back from JSON as it was, so it cannot be kept for a repetition and everything was undone. Return plain data.`,
  );
}
