import useSWR, { type SWRResponse } from "swr";
import type { ZodMiniType } from "zod/mini";
import { isWorthRepeating, request } from "./request.ts";

/** Reads a path of the API and keeps the answer; null reads nothing. */
export function useApi<T>(path: string | null, schema: ZodMiniType<T>): SWRResponse<T, unknown> {
  return useSWR<T, unknown, string | null>(path, (path: string) => request(path, schema), {
    // What belongs to one organisation is never shown in the place of another's.
    keepPreviousData: false,
    shouldRetryOnError: isWorthRepeating,
  });
}
