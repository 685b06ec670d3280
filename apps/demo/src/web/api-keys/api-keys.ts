import type { SWRResponse } from "swr";
import * as z from "zod/mini";
import { nothing, request } from "../api/request.ts";
import { useApi } from "../api/use-api.ts";
import { apiPath } from "../organisations/organisation.ts";

const fields = { id: z.string(), name: z.string(), prefix: z.string(), createdAt: z.string() };
const apiKey = z.object(fields);
export type ApiKey = z.infer<typeof apiKey>;

const apiKeys = z.object({ keys: z.array(apiKey) });

const newApiKey = z.object({ ...fields, key: z.string() });
/** With the key itself, which is shown this once. */
export type NewApiKey = z.infer<typeof newApiKey>;

export function useApiKeys(orgId: string): SWRResponse<z.infer<typeof apiKeys>, unknown> {
  return useApi(apiPath(orgId, "api-keys"), apiKeys);
}

export function createApiKey(orgId: string, name: string): Promise<NewApiKey> {
  return request(apiPath(orgId, "api-keys"), newApiKey, { method: "POST", body: { name } });
}

export function revokeApiKey(orgId: string, id: string): Promise<unknown> {
  return request(`${apiPath(orgId, "api-keys")}/${encodeURIComponent(id)}`, nothing, { method: "DELETE" });
}
