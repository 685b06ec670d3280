import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { sqlite } from "./testing/databases.ts";
import { startTestDemo } from "./testing/test-demo.ts";

test("the OpenAPI document is valid, and says of each gated route what it counts against", async () => {
  const { as } = await startTestDemo(sqlite);
  const { status, body } = await (await as(null))("GET", "/api/openapi.json");
  expect(status).toBe(200);
  expect(await new Validator().validate(Object(body))).toMatchObject({ valid: true });

  const gated: Record<string, unknown> = {};
  for (const [path, operations] of Object.entries(Object(body).paths)) {
    for (const [method, operation] of Object.entries(Object(operations))) {
      const { "x-entitlement": entitlement, responses } = Object(operation);
      if (entitlement === undefined) expect(responses).not.toHaveProperty("402");
      else {
        expect(responses).toMatchObject({
          402: { content: { "application/problem+json": expect.anything() } },
          503: { content: { "application/problem+json": expect.anything() } },
        });
        gated[`${method} ${path}`] = entitlement.resourceType;
      }
    }
  }
  expect(gated).toEqual({
    "post /api/orgs/{org}/projects": "quota:project",
    "put /api/orgs/{org}/projects/{id}": "quota:project",
    "post /api/orgs/{org}/api-keys": "quota:api_key",
    "delete /api/orgs/{org}/api-keys/{id}": "quota:api_key",
  });
  expect(Object.keys(Object(body).paths)).toEqual(
    expect.arrayContaining([
      ...["/api/me", "/api/people", "/api/invitations/{id}", "/api/orgs/{org}/entitlements", "/api/orgs/{org}/members"],
      ...["/api/orgs/{org}/invitations", "/api/operator/organisations", "/api/operator/over-limit"],
    ]),
  );
});
