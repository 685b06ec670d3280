import {
  counter,
  createEntitlements,
  feature,
  type Grant,
  type MemoryTransaction,
  memoryAdapter,
} from "@x/entitlements-core";
import { type Context, Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { validator } from "hono/validator";
import { describe, expectTypeOf, test } from "vitest";
import { entitlementsErrorHandler, requireEntitlement, usageHandler } from "./index.ts";

// Checked by `tsc`, never run: each `@ts-expect-error` fails the build once the mistake below it compiles.
const entitlements = createEntitlements({
  adapter: memoryAdapter(),
  resources: { "quota:project": counter({ label: "Projects" }), "feature:sso": feature({ label: "Single sign-on" }) },
});
type Defined = "quota:project" | "feature:sso";
type AppEnv = { Variables: { organisation: { id: string } } };
const app = new Hono<AppEnv>();
const orgId = () => "acme";
const session = createMiddleware<{ Variables: { user: string } }>((_c, next) => next());
const body = validator("json", () => ({ name: "Apollo" }));

describe("a gated handler", () => {
  test("has the instance's own transaction and grant", () => {
    app.post("/projects", requireEntitlement(entitlements, { resourceType: "quota:project", orgId }), (c) => {
      expectTypeOf(c.var.tx).toEqualTypeOf<MemoryTransaction>();
      expectTypeOf(c.var.grant).toEqualTypeOf<Grant<Defined>>();
      return c.body(null);
    });
  });

  test("keeps what the application, the middleware and the validators before it have typed", () => {
    const gate = requireEntitlement(entitlements, { resourceType: "quota:project", orgId });
    app.post("/orgs/:org/projects", session, body, gate, (c) => {
      expectTypeOf(c.var.tx).toEqualTypeOf<MemoryTransaction>();
      expectTypeOf(c.var.organisation).toEqualTypeOf<{ id: string }>();
      expectTypeOf(c.var.user).toEqualTypeOf<string>();
      expectTypeOf(c.req.valid("json")).toEqualTypeOf<{ name: string }>();
      expectTypeOf(c.req.param("org")).toEqualTypeOf<string>();
      return c.body(null);
    });
  });

  test("has no transaction where there is no gate", () => {
    app.post("/projects", (c) => {
      // @ts-expect-error
      void c.var.tx;
      return c.body(null);
    });
  });
});

describe("the functions of a gate", () => {
  test("know the application's variables where their context is annotated", () => {
    const gate = requireEntitlement(entitlements, {
      resourceType: "quota:project",
      orgId: (c: Context<AppEnv>) => c.var.organisation.id,
      when(c, tx) {
        expectTypeOf(c.var.organisation.id).toEqualTypeOf<string>();
        expectTypeOf(tx).toEqualTypeOf<MemoryTransaction>();
        return true;
      },
    });
    app.post("/projects", gate, (c) => {
      expectTypeOf(c.var.organisation).toEqualTypeOf<{ id: string }>();
      return c.body(null);
    });
  });

  test("always tell an organisation", () => {
    // @ts-expect-error
    requireEntitlement(entitlements, { resourceType: "quota:project" });
    // @ts-expect-error
    requireEntitlement(entitlements, { resourceType: "quota:project", orgId: (c) => c.req.query("org") });
    // @ts-expect-error
    requireEntitlement(entitlements, { resourceType: "quota:project", orgId: "acme" });
  });
});

test("resource types are the instance's own", () => {
  // @ts-expect-error
  requireEntitlement(entitlements, { resourceType: "quota:projct", orgId });
  // @ts-expect-error
  requireEntitlement(entitlements, { claims: { "quota:projct": 1 }, orgId });
  requireEntitlement(entitlements, { claims: { "quota:project": 2, "feature:sso": 0 }, orgId });
  // @ts-expect-error
  requireEntitlement(entitlements, { claims: () => ({ "quota:project": "2" }), orgId });
  // @ts-expect-error either one or several
  requireEntitlement(entitlements, { resourceType: "quota:project", claims: { "quota:project": 1 }, orgId });
  // @ts-expect-error neither
  requireEntitlement(entitlements, { orgId });
});

test("a response is no JSON, so there is no idempotency key", () => {
  // @ts-expect-error
  requireEntitlement(entitlements, { resourceType: "quota:project", orgId, idempotencyKey: () => "key" });
});

test("the usage handler says who may see what, with the application's variables", () => {
  // @ts-expect-error
  usageHandler(entitlements, {});
  // @ts-expect-error
  usageHandler(entitlements, { authorize: () => true });
  app.get(
    "/entitlements",
    usageHandler(entitlements, { authorize: (c: Context<AppEnv>) => ({ orgId: c.var.organisation.id }) }),
  );
  app.onError(entitlementsErrorHandler());
});
