import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { counter, createEntitlements, type Grant, type MemoryTransaction, memoryAdapter } from "@x/entitlements-core";
import type { Problem } from "@x/entitlements-core/http";
import type { UsageResponse } from "@x/entitlements-core/wire";
import type { Context } from "hono";
import { hc, type InferResponseType } from "hono/client";
import { createMiddleware } from "hono/factory";
import { describe, expectTypeOf, test } from "vitest";
import { usageHandler } from "../usage-handler.ts";
import { gateRoute, usageRoute } from "../zod-openapi.ts";
import type { denied, unavailable } from "./problem-schemas.ts";
import type { usage } from "./usage-schema.ts";

// Checked by `tsc`, never run: each `@ts-expect-error` fails the build once the mistake below it compiles.
const entitlements = createEntitlements({
  adapter: memoryAdapter(),
  resources: { "quota:project": counter({ label: "Projects" }) },
});
type AppEnv = { Variables: { organisation: { id: string } } };
const app = new OpenAPIHono<AppEnv>();
const plain = new OpenAPIHono();
const session = createMiddleware<{ Variables: { user: string } }>((_c, next) => next());
const orgId = () => "acme";
const resourceType = "quota:project";

const described = {
  method: "post",
  path: "/orgs/{org}/projects",
  request: {
    params: z.object({ org: z.string() }),
    body: { required: true, content: { "application/json": { schema: z.object({ name: z.string() }) } } },
  },
  responses: {
    201: { description: "Made", content: { "application/json": { schema: z.object({ id: z.string() }) } } },
  },
} as const;
const route = createRoute(described);

describe("the handler of a gated route", () => {
  const gated = gateRoute(route, entitlements, { resourceType, orgId });

  test("has the transaction, the application's variables and the validated input", () => {
    app.openapi(
      gated,
      gated.handler((c) => {
        expectTypeOf(c.var.tx).toEqualTypeOf<MemoryTransaction>();
        expectTypeOf(c.var.grant).toEqualTypeOf<Grant<"quota:project">>();
        expectTypeOf(c.var.organisation).toEqualTypeOf<{ id: string }>();
        expectTypeOf(c.req.valid("json")).toEqualTypeOf<{ name: string }>();
        expectTypeOf(c.req.valid("param")).toEqualTypeOf<{ org: string }>();
        return c.json({ id: "1" }, 201);
      }),
    );
  });

  test("answers as the route says", () => {
    app.openapi(
      gated,
      // @ts-expect-error another type of id
      gated.handler((c) => c.json({ id: 1 }, 201)),
    );
    app.openapi(
      gated,
      // @ts-expect-error a status that the route does not have
      gated.handler((c) => c.json({ id: "1" }, 202)),
    );
  });

  test("of an application without variables", () => {
    plain.openapi(
      gated,
      gated.handler(async (c) => {
        expectTypeOf(c.var.tx).toEqualTypeOf<MemoryTransaction>();
        return c.json({ id: "1" }, 201);
      }),
    );
  });

  test("of a route with middleware, one or a list", () => {
    const one = gateRoute(createRoute({ ...described, middleware: session }), entitlements, {
      resourceType,
      orgId: (c) => c.var.user,
    });
    app.openapi(
      one,
      one.handler((c) => {
        expectTypeOf(c.var.user).toEqualTypeOf<string>();
        return c.json({ id: "1" }, 201);
      }),
    );
    const list = gateRoute(createRoute({ ...described, middleware: [session] as const }), entitlements, {
      resourceType,
      orgId: (c) => c.var.user,
    });
    app.openapi(
      list,
      list.handler((c) => {
        expectTypeOf(c.var.user).toEqualTypeOf<string>();
        expectTypeOf(c.var.organisation).toEqualTypeOf<{ id: string }>();
        expectTypeOf(c.var.tx).toEqualTypeOf<MemoryTransaction>();
        return c.json({ id: "1" }, 201);
      }),
    );
  });
});

describe("the functions of a gate", () => {
  test("see the validated input, and the transaction", () => {
    gateRoute(route, entitlements, {
      resourceType,
      orgId: (c) => c.req.valid("param").org,
      amount: (c) => c.req.valid("json").name.length,
      when(c, tx) {
        expectTypeOf(tx).toEqualTypeOf<MemoryTransaction>();
        return c.req.valid("json").name !== "";
      },
    });
  });

  test("know the application's variables where their context is annotated", () => {
    const gated = gateRoute(route, entitlements, {
      resourceType,
      orgId: (c: Context<AppEnv>) => c.var.organisation.id,
    });
    app.openapi(
      gated,
      gated.handler((c) => {
        expectTypeOf(c.var.organisation).toEqualTypeOf<{ id: string }>();
        return c.json({ id: "1" }, 201);
      }),
    );
  });

  test("claim resource types of the instance, named beforehand", () => {
    // @ts-expect-error
    gateRoute(route, entitlements, { resourceType: "quota:projct", orgId });
    // @ts-expect-error
    gateRoute(route, entitlements, { claims: () => ({ "quota:project": 1 }), orgId });
    // @ts-expect-error
    gateRoute(route, entitlements, { resourceType });
  });
});

test("the responses of a gate are typed in clients, and the author's own stay", () => {
  const gated = gateRoute(route, entitlements, { resourceType, orgId });
  const served = new OpenAPIHono().openapi(
    gated,
    gated.handler((c) => c.json({ id: "1" }, 201)),
  );
  const client = hc<typeof served>("https://app.example");
  type Call = (typeof client.orgs)[":org"]["projects"]["$post"];
  expectTypeOf<InferResponseType<Call, 201>>().toEqualTypeOf<{ id: string }>();
  expectTypeOf<InferResponseType<Call, 402>["code"]>().toEqualTypeOf<
    "ENTITLEMENT_LIMIT_REACHED" | "ENTITLEMENT_FEATURE_DISABLED"
  >();

  const own = { 402: { description: "Pay", content: { "application/json": { schema: z.object({ pay: z.url() }) } } } };
  const mine = gateRoute(createRoute({ ...described, responses: { ...described.responses, ...own } }), entitlements, {
    resourceType,
    orgId,
  });
  expectTypeOf(mine.responses[402]).toEqualTypeOf<(typeof own)[402]>();
});

test("the schemas of the document are core's", () => {
  expectTypeOf<z.infer<typeof denied>>().toEqualTypeOf<Extract<Problem, { status: 402 }>>();
  expectTypeOf<z.infer<typeof unavailable>["code"]>().toExtend<Problem["code"]>();
  expectTypeOf<z.infer<typeof usage>>().toEqualTypeOf<UsageResponse>();
});

test("the usage route is mounted with the usage handler", () => {
  const authorize = (c: Context<AppEnv>) => ({ orgId: c.var.organisation.id });
  app.openapi(usageRoute({ path: "/entitlements" }), usageHandler(entitlements, { authorize }));
  plain.openapi(
    usageRoute({ path: "/entitlements", tags: ["billing"] }),
    usageHandler(entitlements, { authorize: () => null }),
  );
});
