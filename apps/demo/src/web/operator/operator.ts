import { usageSchema } from "@x/entitlements-core/wire";
import type { SWRResponse } from "swr";
import useSWRInfinite, { type SWRInfiniteResponse } from "swr/infinite";
import * as z from "zod/mini";
import { isWorthRepeating, nothing, request } from "../api/request.ts";
import { useApi } from "../api/use-api.ts";

const storedLimit = z.object({
  resourceType: z.string(),
  limit: z.nullable(z.number()),
  reason: z.nullable(z.string()),
  actor: z.nullable(z.string()),
  updatedAt: z.string(),
});
/** A limit that somebody has set, and why. */
export type StoredLimit = z.infer<typeof storedLimit>;

const organisation = { id: z.string(), name: z.string(), entitlements: z.array(usageSchema) };
const organisations = z.object({
  organisations: z.array(z.object({ ...organisation, limits: z.array(storedLimit) })),
});
export type LimitedOrganisation = z.infer<typeof organisations>["organisations"][number];

const overLimit = z.object({ organisations: z.array(z.object(organisation)), cursor: z.nullable(z.string()) });
type OverLimitPage = z.infer<typeof overLimit>;

export function useOrganisations(): SWRResponse<z.infer<typeof organisations>, unknown> {
  return useApi("/api/operator/organisations", organisations);
}

const OVER_LIMIT = "/api/operator/over-limit";

/** The organisations that use more than a limit of theirs, page by page. */
export function useOverLimit(): SWRInfiniteResponse<OverLimitPage, unknown> {
  return useSWRInfinite<OverLimitPage, unknown>(
    (_, previous: OverLimitPage | null) => {
      if (previous === null) return OVER_LIMIT;
      return previous.cursor === null ? null : `${OVER_LIMIT}?cursor=${encodeURIComponent(previous.cursor)}`;
    },
    (path: string) => request(path, overLimit),
    { shouldRetryOnError: isWorthRepeating },
  );
}

export interface LimitChange {
  readonly orgId: string;
  readonly resourceType: string;
  /** null lifts it: stored like any other, so that the reason stays to be read. */
  readonly limit: number | null;
  readonly reason: string;
}

export function changeLimit({ orgId, resourceType, limit, reason }: LimitChange): Promise<unknown> {
  const path = `/api/operator/organisations/${encodeURIComponent(orgId)}/limits/${encodeURIComponent(resourceType)}`;
  return request(path, nothing, { method: "PUT", body: { limit, reason } });
}
