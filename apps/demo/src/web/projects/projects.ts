import type { SWRResponse } from "swr";
import * as z from "zod/mini";
import { request } from "../api/request.ts";
import { useApi } from "../api/use-api.ts";
import { apiPath } from "../organisations/organisation.ts";

const project = z.object({ id: z.string(), name: z.string(), archived: z.boolean(), createdAt: z.string() });
export type Project = z.infer<typeof project>;

const projects = z.object({ projects: z.array(project) });

export function useProjects(orgId: string): SWRResponse<z.infer<typeof projects>, unknown> {
  return useApi(apiPath(orgId, "projects"), projects);
}

/** Makes the project or replaces it: sent twice, it is there once. */
export function putProject(orgId: string, { id, name, archived }: Omit<Project, "createdAt">): Promise<Project> {
  const path = `${apiPath(orgId, "projects")}/${encodeURIComponent(id)}`;
  return request(path, project, { method: "PUT", body: { name, archived } });
}

/** An id for a project that is about to be made. */
export function newProjectId(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
