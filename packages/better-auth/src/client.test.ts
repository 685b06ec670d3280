import { ConfigurationError } from "@x/entitlements-core/errors";
import { createAuthClient } from "better-auth/client";
import { organizationClient } from "better-auth/client/plugins";
import { expect, test } from "vitest";
import { asApiError } from "./api-error.ts";
import { kyselyOnSqlite } from "./fixtures/databases.ts";
import { createWorld, json } from "./fixtures/world.ts";

test("better-auth's own client shows the denial with its code and numbers", async () => {
  const world = await createWorld(kyselyOnSqlite);
  const { orgId, owner } = await world.found();
  await world.entitlements.setLimit({ orgId, resourceType: "seat:member", limit: 0 });
  const client = createAuthClient({
    baseURL: "http://app.example",
    plugins: [organizationClient()],
    fetchOptions: {
      headers: { Cookie: owner.cookie, Origin: "http://app.example" },
      customFetchImpl: async (url, init) => world.auth.handler(new Request(url, init)),
    },
  });
  const { data, error } = await client.organization.inviteMember({
    ...{ organizationId: orgId, email: "new@example.com", role: "member" },
  });
  expect([data, error]).toMatchObject([
    null,
    {
      ...{ status: 402, code: "ENTITLEMENT_LIMIT_REACHED", resourceType: "seat:member", current: 0, limit: 0 },
      ...{ detail: "Member seats limit reached (0/0)", title: "Payment Required" },
    },
  ]);
});

test("a role that takes no known seat is a 400", async () => {
  const hooks = { beforeCreateInvitation: async () => ({ data: { role: "stranger" } }) };
  const strange = await createWorld(kyselyOnSqlite, { hooks: { hooks } });
  const other = await strange.found();
  const refused = await strange.invite(other.orgId, other.owner, "new@example.com");
  expect([refused.status, (await json(refused))["code"]]).toEqual([400, "ENTITLEMENT_INVALID_REQUEST"]);
});

test("a database that fails is a 503 that says nothing of it", async () => {
  const world = await createWorld(kyselyOnSqlite);
  const { orgId, owner } = await world.found();
  await world.database.run("alter table org_reservation rename to gone");
  const failed = await world.invite(orgId, owner, "new@example.com");
  const body = await failed.text();
  expect([failed.status, JSON.parse(body)]).toMatchObject([503, { code: "ENTITLEMENT_STORAGE" }]);
  expect(body).not.toMatch(/org_reservation|select|sqlite/i);
});

test("what is wrong with the set-up, and what a hook of the host's throws, is better-auth's own empty 500", async () => {
  for (const error of [new ConfigurationError("secret"), new Error("secret")]) {
    const hooks = {
      beforeCreateInvitation: async () => {
        throw error;
      },
    };
    const world = await createWorld(kyselyOnSqlite, { hooks: { hooks } });
    const { orgId, owner } = await world.found();
    const failed = await world.invite(orgId, owner, "new@example.com");
    expect([failed.status, await failed.text()]).toEqual([500, ""]);
    expect(asApiError(error)).toBe(error);
  }
});
