import { denied, forbidden, unavailable } from "./problem-schemas.ts";
import { usage } from "./usage-schema.ts";

const retryAfter = {
  "Retry-After": { description: "Seconds after which to try again.", schema: { type: "integer", minimum: 1 } },
} as const;

const busy = {
  description: "Could not be decided now; the problem says whether it is known that nothing was saved.",
  headers: retryAfter,
  content: { "application/problem+json": { schema: unavailable } },
} as const;

/** What every gated route can answer beside its own. */
export const gateResponses = {
  402: {
    description: "The organisation's limit is reached, or the feature is off. Nothing was saved.",
    content: { "application/problem+json": { schema: denied } },
  },
  503: busy,
} as const;

export type GateResponses = typeof gateResponses;

/** What the usage endpoint can answer. */
export const usageResponses = {
  200: {
    description: "Every entitlement of the organisation, in the order of definition.",
    headers: { ETag: { description: "Send it as If-None-Match.", schema: { type: "string" } } },
    content: { "application/json": { schema: usage } },
  },
  304: { description: "Nothing has changed since the ETag of If-None-Match." },
  403: {
    description: "Not this organisation's, or no organisation at all.",
    content: { "application/problem+json": { schema: forbidden } },
  },
  503: busy,
} as const;

export type UsageResponses = typeof usageResponses;
