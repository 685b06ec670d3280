import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { type Operators, requireOperator } from "./access.ts";
import type { DemoAuth } from "./auth.ts";
import type { Connection } from "./database/tables.ts";
import type { DemoEntitlements } from "./entitlements.ts";
import type { DemoEnvironment } from "./environment.ts";
import { json, problemResponses, refuseInvalid } from "./openapi.ts";
import { findOrganisation, listOrganisations } from "./organisations.ts";
import { singleLine } from "./single-line.ts";

const units = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

const usage = z
  .object({
    ...{ resourceType: z.string(), label: z.string(), kind: z.enum(["count", "feature"]), limit: units.nullable() },
    ...{ current: units, reserved: units, remaining: units.nullable() },
    status: z.enum(["unlimited", "blocked", "ok", "near", "at", "over"]),
    resetsAt: z.iso.datetime().nullable(),
  })
  .openapi("OperatorUsage");

const storedLimit = z
  .object({
    ...{ resourceType: z.string(), limit: units.nullable(), reason: z.string().nullable() },
    ...{ actor: z.string().nullable(), expiresAt: z.iso.datetime().nullable() },
  })
  .openapi("StoredLimit");
const listedLimit = storedLimit.extend({ updatedAt: z.iso.datetime() });

const organisation = { id: z.string(), name: z.string(), entitlements: z.array(usage) };
const { 400: invalid, 404: nothing } = problemResponses;
const refusals = { 400: invalid, 404: nothing };

const listRoute = createRoute({
  method: "get",
  path: "/organisations",
  responses: {
    200: json(
      "Every organisation, by name.",
      z.object({ organisations: z.array(z.object({ ...organisation, limits: z.array(listedLimit) })) }),
    ),
    ...refusals,
  },
});

const overLimitRoute = createRoute({
  method: "get",
  path: "/over-limit",
  request: { query: z.strictObject({ cursor: z.string().min(1).max(200).optional() }) },
  responses: {
    200: json(
      "A page of the organisations that use more than a limit of theirs, with what is over; the cursor leads to the next.",
      z.object({ organisations: z.array(z.object(organisation)), cursor: z.string().nullable() }),
    ),
    ...refusals,
  },
});

const onLimit = { params: z.object({ org: z.string(), resourceType: z.string() }) };
const path = "/organisations/{org}/limits/{resourceType}";
const reason = singleLine(200);

const putRoute = createRoute({
  method: "put",
  path,
  request: {
    ...onLimit,
    body: { required: true, ...json("null: not limited.", z.strictObject({ limit: units.nullable(), reason })) },
  },
  responses: { 200: json("What holds from now on.", storedLimit), ...refusals },
});

const deleteRoute = createRoute({
  method: "delete",
  path,
  request: { ...onLimit, body: { required: true, ...json("", z.strictObject({ reason })) } },
  responses: { 204: { description: "The organisation is not limited there any more." }, ...refusals },
});

export interface OperatorOptions {
  readonly connection: Connection;
  readonly entitlements: DemoEntitlements;
  readonly auth: DemoAuth;
  readonly operators: Operators;
}

/** The limits of every organisation, for operators. */
export function operatorRoutes({
  connection,
  entitlements,
  auth,
  operators,
}: OperatorOptions): OpenAPIHono<DemoEnvironment> {
  const routes = new OpenAPIHono<DemoEnvironment>({ defaultHook: refuseInvalid });
  routes.use(requireOperator(auth, operators));

  /** What a path names. Throws a 404. */
  async function limitAt({ org, resourceType }: { readonly org: string; readonly resourceType: string }) {
    const found = await findOrganisation(connection, org);
    const known = entitlements.resourceTypes.find((type) => type === resourceType);
    if (found === null) throw new HTTPException(404, { message: "There is no such organisation." });
    if (known === undefined) throw new HTTPException(404, { message: "Nothing of that name can be limited." });
    return { orgId: found.id, resourceType: known };
  }

  routes.openapi(listRoute, async (c) => {
    const organisations = [];
    for (const { id, name } of await listOrganisations(connection)) {
      const entitled = [...(await entitlements.usage({ orgId: id }))];
      organisations.push({ id, name, entitlements: entitled, limits: [...(await entitlements.limits({ orgId: id }))] });
    }
    return c.json({ organisations }, 200, { "Cache-Control": "no-store" });
  });

  routes.openapi(overLimitRoute, async (c) => {
    const page = await entitlements.overLimit(c.req.valid("query"));
    const names = new Map((await listOrganisations(connection)).map(({ id, name }) => [id, name]));
    const organisations = page.organisations.flatMap(({ orgId: id, entitlements: over }) => {
      const name = names.get(id);
      // Limits may outlive their organisation.
      return name === undefined ? [] : [{ id, name, entitlements: [...over] }];
    });
    return c.json({ organisations, cursor: page.cursor }, 200, { "Cache-Control": "no-store" });
  });

  routes.openapi(putRoute, async (c) => {
    const which = await limitAt(c.req.valid("param"));
    const set = { ...c.req.valid("json"), actor: c.var.user.email };
    await entitlements.setLimit({ ...which, ...set });
    return c.json({ resourceType: which.resourceType, ...set, expiresAt: null }, 200, { "Cache-Control": "no-store" });
  });

  routes.openapi(deleteRoute, async (c) => {
    const which = await limitAt(c.req.valid("param"));
    await entitlements.clearLimit({ ...which, reason: c.req.valid("json").reason, actor: c.var.user.email });
    return c.body(null, 204);
  });

  return routes;
}
