import * as z from "zod/mini";
import { request } from "../api/request.ts";
import { apiPath } from "../organisations/organisation.ts";

export const DOORS = {
  project: { name: "Create a project", unit: "project" },
  invite: { name: "Invite somebody", unit: "seat" },
  accept: { name: "Accept an invitation", unit: "seat" },
  promote: { name: "Promote to admin", unit: "admin seat" },
  "api-key": { name: "Create an API key", unit: "API key" },
} as const;

export type Door = keyof typeof DOORS;

const result = z.object({ status: z.number(), startedMs: z.number(), latencyMs: z.number() });

const race = z.object({
  door: z.string(),
  clients: z.number(),
  protection: z.boolean(),
  limit: z.number(),
  before: z.number(),
  after: z.number(),
  granted: z.number(),
  refused: z.number(),
  other: z.number(),
  overshoot: z.number(),
  results: z.array(result),
});
export type Race = z.infer<typeof race>;

export interface RacePlan {
  readonly door: Door;
  readonly clients: number;
  readonly protection: boolean;
}

export function runRace(orgId: string, plan: RacePlan): Promise<Race> {
  return request(apiPath(orgId, "race-lab"), race, { method: "POST", body: plan });
}
