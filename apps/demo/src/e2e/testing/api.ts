import type { APIResponse, Page } from "playwright";
import { expect } from "vitest";

/** A request with the visitor's session, past the page, that must go well. The visitor must be on a page already. */
export async function send(page: Page, method: string, path: string, data: object = {}): Promise<APIResponse> {
  // better-auth wants to know which page asks.
  const answer = await page.request.fetch(path, { method, data, headers: { Origin: new URL(page.url()).origin } });
  expect(answer.ok(), `${method} ${path}: ${answer.status()}`).toBe(true);
  return answer;
}

/** Invites somebody; the path of the invitation's page. */
export async function invite(page: Page, organizationId: string, email: string, role = "member"): Promise<string> {
  const answer = await send(page, "POST", "/api/auth/organization/invite-member", { organizationId, email, role });
  const { id }: { id: string } = await answer.json();
  return `/invitations/${id}`;
}

/** Sets a limit as the operator. */
export async function setLimit(operator: Page, orgId: string, resourceType: string, limit: number | null) {
  await send(operator, "PUT", `/api/operator/organisations/${orgId}/limits/${resourceType}`, { limit, reason: "test" });
}
