import { InvalidRequestError } from "./errors.ts";
import { quote } from "./quote.ts";

/** What a limit is about: `category:name`, e.g. `seat:admin`, `quota:project`, `feature:sso`. */
export type ResourceType = `${Lowercase<string>}:${Lowercase<string>}`;

/** The grammar of a resource type; the database checks the same one. */
export const RESOURCE_TYPE_PATTERN: RegExp = /^[a-z]+:[a-z][a-z0-9_]*$/;

export function isResourceType(value: unknown): value is ResourceType {
  return typeof value === "string" && RESOURCE_TYPE_PATTERN.test(value);
}

/** Refuses what does not follow the grammar with an `InvalidRequestError`. */
export function assertResourceType(value: unknown): asserts value is ResourceType {
  if (isResourceType(value)) return;
  throw new InvalidRequestError(
    "resourceType",
    `${quote(value)} is not a resource type: expected category:name in lower case, such as "quota:project" (${RESOURCE_TYPE_PATTERN.source}).`,
  );
}
