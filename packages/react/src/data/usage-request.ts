import { type Usage, usageSchema } from "@x/entitlements-core/wire";
import { property } from "./property.ts";
import type { UnreadableUsage } from "./state.ts";

/** Whose usage is wanted. */
export interface UsageRequest {
  readonly endpoint: string | null;
  readonly orgId: string;
  readonly userId: string | null;
}

/** Answers with the body of the usage endpoint, parsed as JSON; throws where it cannot. */
export type UsageFetcher = (request: UsageRequest) => Promise<unknown>;

export type UsageErrorCode =
  | "ENTITLEMENT_USAGE_UNREACHABLE"
  | "ENTITLEMENT_USAGE_REFUSED"
  | "ENTITLEMENT_USAGE_INVALID"
  | "ENTITLEMENT_USAGE_OTHER_ORGANISATION";

/** An organisation's usage could not be had. Never shown as "no limits". */
export class UsageRequestError extends Error {
  override readonly name = "UsageRequestError";
  readonly code: UsageErrorCode;
  /** The HTTP status; null where there was no answer or it was not the status that was wrong. */
  readonly status: number | null;

  constructor(code: UsageErrorCode, message: string, status: number | null = null, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.status = status;
  }
}

// A fetcher of the host's throws what its client throws: `status` on the error, or on its `response`.
const statusOf = (error: unknown) => property(error, "status") ?? property(property(error, "response"), "status");

/** Whether the server said that this user may not see this organisation: what was known before is hidden then. */
export function isRefusal(error: unknown): boolean {
  return [401, 403, 404].includes(Number(statusOf(error)));
}

/** A mistake of the request's own stays one when it is repeated. */
export function isWorthRepeating(error: unknown): boolean {
  const status = statusOf(error);
  return typeof status !== "number" || status >= 500 || status === 408 || status === 429;
}

/** Fetches the endpoint. The browser's cache revalidates with the ETag and turns a 304 into the body it has. */
export const fetchUsage: UsageFetcher = async ({ endpoint }) => {
  if (endpoint === null) throw new TypeError("Give EntitlementsProvider an `endpoint` or a `fetcher`.");
  const asked = fetch(endpoint, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  const response = await asked.catch((cause: unknown) => {
    throw new UsageRequestError("ENTITLEMENT_USAGE_UNREACHABLE", `${endpoint} could not be reached.`, null, { cause });
  });
  if (!response.ok) {
    const message = `${endpoint} answered ${response.status}.`;
    throw new UsageRequestError("ENTITLEMENT_USAGE_REFUSED", message, response.status);
  }
  return response.json().catch(() => null);
};

export interface ReadUsage {
  readonly orgId: string;
  readonly entitlements: readonly Usage[];
  readonly unreadable: readonly UnreadableUsage[];
}

/**
 * Takes a body of the usage endpoint for one organisation. Throws a `UsageRequestError` where it is none or another
 * organisation's; a single row that cannot be understood is set aside.
 */
export function readUsage(body: unknown, orgId: string): ReadUsage {
  const rows = property(body, "entitlements");
  const theirs = property(body, "orgId");
  if (typeof theirs !== "string" || !Array.isArray(rows)) throw invalid();
  // Says neither name: the message may end up on a screen.
  if (theirs !== orgId) {
    throw new UsageRequestError("ENTITLEMENT_USAGE_OTHER_ORGANISATION", "The answer is about another organisation.");
  }
  const entitlements: Usage[] = [];
  const unreadable: UnreadableUsage[] = [];
  // Two rows of one resource would be two truths: the last one holds.
  for (const row of new Map(rows.map((row) => [property(row, "resourceType"), row])).values()) {
    const parsed = usageSchema.safeParse(row);
    if (parsed.success) entitlements.push(parsed.data);
    else unreadable.push(nameOf(row, parsed.error));
  }
  return { orgId, entitlements, unreadable };
}

function nameOf(row: unknown, cause: Error): UnreadableUsage {
  const resourceType = property(row, "resourceType");
  const label = property(row, "label");
  if (typeof resourceType !== "string") throw invalid(cause);
  return { resourceType, label: typeof label === "string" ? label : resourceType };
}

const invalid = (cause?: Error) =>
  new UsageRequestError("ENTITLEMENT_USAGE_INVALID", "The answer is no usage response.", null, { cause });
