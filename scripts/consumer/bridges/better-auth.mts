import { entitlementHooks, organizationSeats, previewInvitation } from "@x/entitlements-better-auth";
import { createEntitlements, defineSeats } from "@x/entitlements-core";
import { entitlementsErrorHandler, requireEntitlement, usageHandler } from "@x/entitlements-hono";
import { postgresAdapter } from "@x/entitlements-postgres";
import { fromPg } from "@x/entitlements-postgres/pg";
import { betterAuth } from "better-auth";
import { organization } from "better-auth/plugins/organization";
import { Hono } from "hono";
import { Pool, type PoolClient } from "pg";

// A host with better-auth and Hono, as it would be written.
const pool = new Pool();
const seats = defineSeats({ "seat:admin": ["owner", "admin"], "seat:member": ["member"] });
const entitlements = createEntitlements({
  adapter: postgresAdapter(fromPg<PoolClient>(pool)),
  resources: organizationSeats(seats, { excludeUsers: ["svc"] }),
});
export const auth = betterAuth({ database: pool, plugins: [organization(entitlementHooks(entitlements, { seats }))] });

export const app = new Hono()
  .get("/invitations/:id", async (c) =>
    c.json(await previewInvitation(entitlements, { auth, seats, invitationId: c.req.param("id") })),
  )
  .get("/usage", usageHandler(entitlements, { authorize: () => null }))
  .post("/seats", requireEntitlement(entitlements, { resourceType: "seat:member", orgId: () => "acme" }), async (c) => {
    await c.var.tx.query("select 1");
    return c.json({ remaining: c.var.grant.claims[0]?.remaining ?? null });
  });
app.onError(entitlementsErrorHandler());
