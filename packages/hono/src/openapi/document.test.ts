import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { Validator } from "@seriousme/openapi-schema-validator";
import { counter, createEntitlements, feature, memoryAdapter } from "@x/entitlements-core";
import { describe, expect, it } from "vitest";
import { usageHandler } from "../usage-handler.ts";
import { gateRoute, usageRoute } from "../zod-openapi.ts";

const entitlements = createEntitlements({
  adapter: memoryAdapter(),
  resources: { "quota:project": counter({ label: "Projects" }), "feature:sso": feature({ label: "Single sign-on" }) },
});
const orgId = () => "acme";
const made = {
  201: { description: "Made", content: { "application/json": { schema: z.object({ id: z.string() }) } } },
};
const info = { title: "Projects", version: "1" };

function createApp() {
  const app = new OpenAPIHono();
  const create = gateRoute(createRoute({ method: "post", path: "/projects", responses: made }), entitlements, {
    resourceType: "quota:project",
    orgId,
    description: "One unit for each project.",
  });
  const put = gateRoute(
    createRoute({
      method: "put",
      path: "/projects/{id}",
      request: { params: z.object({ id: z.string() }) },
      responses: { ...made, 402: { description: "My own" } },
    }),
    entitlements,
    { claims: { "quota:project": 1, "feature:sso": 1 }, orgId, when: () => true },
  );
  app.openapi(
    create,
    create.handler((c) => c.json({ id: "1" }, 201)),
  );
  app.openapi(
    put,
    put.handler((c) => c.json({ id: "1" }, 201)),
  );
  app.openapi(
    usageRoute({ path: "/entitlements", tags: ["billing"] }),
    usageHandler(entitlements, { authorize: () => ({ orgId: "acme" }) }),
  );
  app.doc("/openapi.json", { openapi: "3.0.3", info });
  app.doc31("/openapi31.json", { openapi: "3.1.0", info });
  return new OpenAPIHono().route("/v1", app);
}

const documents = ["/v1/openapi.json", "/v1/openapi31.json"];

async function documentAt(path: string, app = createApp()) {
  const answer = await app.request(path);
  expect(answer.status).toBe(200);
  return JSON.parse(await answer.text());
}

describe.each(documents)("the document at %s", (path) => {
  it("is valid", async () => {
    const { valid, errors } = await new Validator().validate(await documentAt(path));
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  it("says of each gated route what it claims, with the responses 402 and 503", async () => {
    const { paths } = await documentAt(path);
    const { post } = paths["/projects"];
    expect(post["x-entitlement"]).toEqual({ resourceType: "quota:project", description: "One unit for each project." });
    expect(Object.keys(post.responses)).toEqual(["201", "402", "503"]);
    expect(post.responses["402"].content).toEqual({
      "application/problem+json": { schema: { $ref: "#/components/schemas/EntitlementDenied" } },
    });
    expect(post.responses["503"].headers["Retry-After"].schema).toEqual({ type: "integer", minimum: 1 });
    expect(post.responses["503"].content).toEqual({
      "application/problem+json": { schema: { $ref: "#/components/schemas/EntitlementUnavailable" } },
    });
  });

  it("keeps what the author says, and names several claims in a list", async () => {
    const { paths } = await documentAt(path);
    const { put } = paths["/projects/{id}"];
    expect(put.responses["402"]).toEqual({ description: "My own" });
    expect(put["x-entitlement"]).toEqual({
      resourceTypes: ["quota:project", "feature:sso"],
      description: "Counts against quota:project, feature:sso; 402 where the organisation has none left.",
    });
  });

  it("names each schema once, and tells the problems apart by their code", async () => {
    const { components } = await documentAt(path);
    expect(Object.keys(components.schemas).sort()).toEqual([
      "Entitlement",
      "EntitlementBusy",
      "EntitlementDenied",
      "EntitlementFeatureDisabled",
      "EntitlementForbidden",
      "EntitlementLimitReached",
      "EntitlementStorageFailed",
      "EntitlementUnavailable",
      "EntitlementUsage",
    ]);
    const ref = (name: string) => `#/components/schemas/${name}`;
    expect(components.schemas.EntitlementDenied.discriminator).toEqual({
      propertyName: "code",
      mapping: {
        ENTITLEMENT_LIMIT_REACHED: ref("EntitlementLimitReached"),
        ENTITLEMENT_FEATURE_DISABLED: ref("EntitlementFeatureDisabled"),
      },
    });
    expect(components.schemas.EntitlementUnavailable.discriminator.mapping).toEqual({
      ENTITLEMENT_LOCK_TIMEOUT: ref("EntitlementBusy"),
      ENTITLEMENT_TRANSACTION_CONFLICT: ref("EntitlementBusy"),
      ENTITLEMENT_STORAGE: ref("EntitlementStorageFailed"),
    });
    expect(components.schemas.EntitlementLimitReached.required).toEqual([
      "type",
      "title",
      "detail",
      "status",
      "code",
      "resourceType",
      "current",
      "limit",
      "requested",
      "resetsAt",
    ]);
  });

  it("describes the usage endpoint", async () => {
    const { paths } = await documentAt(path);
    const { get } = paths["/entitlements"];
    expect(get.tags).toEqual(["billing"]);
    expect(Object.keys(get.responses)).toEqual(["200", "304", "403", "503"]);
    expect(get.responses["200"].content["application/json"].schema).toEqual({
      $ref: "#/components/schemas/EntitlementUsage",
    });
  });
});

it("a route that is hidden stays hidden, and gated", async () => {
  const app = new OpenAPIHono();
  const hidden = gateRoute(createRoute({ method: "post", path: "/p", hide: true, responses: made }), entitlements, {
    resourceType: "quota:project",
    orgId,
  });
  app.openapi(
    hidden,
    hidden.handler((c) => c.json({ id: "1" }, 201)),
  );
  app.doc("/openapi.json", { openapi: "3.0.3", info });
  expect((await documentAt("/openapi.json", app)).paths).toEqual({});
  await entitlements.setLimit({ orgId: "acme", resourceType: "quota:project", limit: 0 });
  expect((await app.request("/p", { method: "POST" })).status).toBe(402);
});

it("the route of a path with parameters is the same as without a gate", () => {
  const route = createRoute({ method: "get", path: "/orgs/{org}/projects/{id}", responses: made });
  const gated = gateRoute(route, entitlements, { resourceType: "quota:project", orgId });
  expect(gated.getRoutingPath()).toBe(route.getRoutingPath());
  expect(Object.keys(gated)).toEqual(["method", "path", "responses", "middleware", "x-entitlement"]);
});

it("claims that only a request tells are refused: the document could not name them", () => {
  const route = createRoute({ method: "post", path: "/projects", responses: made });
  const claims = () => ({ "quota:project": 1 });
  expect(() => Reflect.apply(gateRoute, undefined, [route, entitlements, { orgId, claims }])).toThrow(/as an object/);
});
