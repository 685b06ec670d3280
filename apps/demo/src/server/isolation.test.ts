import { describe, expect, test } from "vitest";
import { databases, sqlite } from "./testing/databases.ts";
import { type Call, callWith, startTestDemo } from "./testing/test-demo.ts";

// Names of organisations and of what is in them, counts and limits. What the request itself held may stand in `instance`.
const SECRETS = /globex|initech|reactor|weather|hammock|tps|website|olivia|adam|"(?:limit|current|remaining)"|\d\/\d/i;

const RACE = { door: "project", clients: 2, protection: true };

/** Every route about an organisation. */
const ROUTES: readonly (readonly [method: string, path: string, body?: object | undefined])[] = [
  ["GET", "entitlements"],
  ["GET", "projects"],
  ["POST", "projects", { name: "Fine" }],
  ["PUT", "projects/new", { name: "Fine" }],
  ["GET", "members"],
  ["GET", "invitations"],
  ["GET", "api-keys"],
  ["POST", "api-keys", { name: "Fine" }],
  ["DELETE", "api-keys/some"],
  ["POST", "race-lab", RACE],
];

/** For operators, whatever organisation they name. */
const OPERATOR_ROUTES: typeof ROUTES = [
  ["GET", "/api/operator/organisations"],
  ["GET", "/api/operator/over-limit"],
  ["PUT", "/api/operator/organisations/acme/limits/quota:project", { limit: 9, reason: "Fine" }],
  ["DELETE", "/api/operator/organisations/acme/limits/quota:project", { reason: "Fine" }],
  ["PUT", "/api/operator/organisations/nobody/limits/quota:project", { limit: 9, reason: "Fine" }],
  ["POST", "/api/race-lab/naive/0"],
];

/** Those of better-auth that name an organisation, or a member or an invitation of it: `foreign` are the ids of real ones. */
function authRoutes(foreign: { readonly memberId: string; readonly invitationId: string }): typeof ROUTES {
  const { memberId, invitationId } = foreign;
  const acme = { organizationId: "acme" };
  const own = { organizationId: "own" };
  return [
    ["GET", "list-members?organizationId=acme"],
    ["GET", "list-invitations?organizationId=acme"],
    ["GET", `get-invitation?id=${invitationId}`],
    ["POST", "invite-member", { ...acme, email: "x@example.com", role: "member" }],
    ["POST", "update-member-role", { ...acme, memberId, role: "admin" }],
    ["POST", "update-member-role", { ...own, memberId, role: "admin" }],
    ["POST", "remove-member", { ...acme, memberIdOrEmail: "olivia@example.com" }],
    ["POST", "remove-member", { ...acme, memberIdOrEmail: memberId }],
    ["POST", "remove-member", { ...own, memberIdOrEmail: memberId }],
    ["POST", "accept-invitation", { invitationId }],
    ["POST", "reject-invitation", { invitationId }],
    ["POST", "cancel-invitation", { invitationId }],
    ["POST", "delete", acme],
    ["POST", "leave", acme],
    // What is closed.
    ["GET", "get-full-organization?organizationId=acme"],
    ["GET", "get-full-organization?organizationSlug=acme"],
    ["GET", "get-active-member-role?organizationId=acme"],
    ["GET", "list-members?organizationId=acme&sortBy=nope"],
    ["GET", "list-members?organizationId=acme&limit=-1"],
    ["POST", "set-active", acme],
    ["POST", "update", { ...acme, data: {} }],
    ["POST", "has-permission", { ...acme, permissions: { __proto__: ["x"] } }],
  ];
}

/** The ids of what is in Acme. */
async function foreignIds(owner: Call) {
  const members = Object((await owner("GET", "/api/auth/organization/list-members?organizationId=acme")).body).members;
  const invitations = await owner("GET", "/api/auth/organization/list-invitations?organizationId=acme");
  return { memberId: String(members[2].id), invitationId: String(Object(invitations.body)[0].id) };
}

/** The organisation as its id, and in the ways in which somebody may try to pass another one off as it. */
const IDS = [
  ...["acme", "nobody", "ACME", "acme%20", "acme%00", "acme%2F..%2Fglobex", "..%2Fglobex", "acme;globex", "%E0%A4"],
  ...["acme%252Fprojects", "acme?org=own", "acme%3Forg=own", "a".repeat(5_000)],
];

/** What may stand beside the path and must decide nothing. */
const OVERRIDES = { "X-Org-Id": "acme", "X-Forwarded-Host": "acme", "X-Original-Url": "/api/orgs/acme/projects" };

async function expectNothing(call: Call, [method, path, body]: (typeof ROUTES)[number], statuses: readonly number[]) {
  const answer = await call(method, path, body, OVERRIDES);
  expect([path.slice(0, 80), answer.status, statuses.includes(answer.status)]).toEqual([
    path.slice(0, 80),
    answer.status,
    true,
  ]);
  const { instance, ...told } = Object(answer.body);
  expect(JSON.stringify(told)).not.toMatch(SECRETS);
}

describe.each(databases)("on $name", (kind) => {
  test("without a session every route is a 401, whatever the id", async () => {
    const { as, call: owner } = await startTestDemo(kind);
    const nobody = await as(null);
    for (const id of IDS)
      for (const [method, path, body] of ROUTES)
        await expectNothing(nobody, [method, `/api/orgs/${id}/${path}`, body], id === "acme" ? [401] : [400, 401, 404]);
    expect(await nobody("POST", "/api/reset")).toMatchObject({ status: 401 });
    await expectNothing(nobody, ["GET", "/api/me"], [401]);
    for (const route of OPERATOR_ROUTES) await expectNothing(nobody, route, [404]);
    for (const [method, path, body] of authRoutes(await foreignIds(owner)))
      await expectNothing(nobody, [method, `/api/auth/organization/${path}`, body], [400, 401, 403, 404]);
  });

  test("a session with another organisation, and one that has expired, see nothing of this one", async () => {
    const { as, url, database, call: owner } = await startTestDemo(kind);
    const nobody = await as(null);
    const stranger = { email: "stranger@example.com", password: "a long one", name: "S" };
    const signedUp = await nobody("POST", "/api/auth/sign-up/email", stranger);
    expect(signedUp.status).toBe(200);
    const call = callWith(url, signedUp.headers);
    expect(await call("POST", "/api/auth/organization/create", { name: "Own", slug: "own" })).toMatchObject({
      status: 200,
    });
    for (const id of IDS)
      for (const [method, path, body] of ROUTES)
        await expectNothing(call, [method, `/api/orgs/${id}/${path}`, body], id === "acme" ? [404] : [400, 404]);
    const foreign = await foreignIds(owner);
    for (const [method, path, body] of authRoutes(foreign))
      await expectNothing(call, [method, `/api/auth/organization/${path}`, body], [400, 401, 403, 404]);
    for (const route of OPERATOR_ROUTES) await expectNothing(call, route, [404]);
    const { organisations } = Object((await call("GET", "/api/me")).body);
    expect(organisations).toEqual([{ id: expect.any(String), name: "Own", role: "owner", manages: true, plan: null }]);
    expect(await call("POST", "/api/reset")).toMatchObject({ status: 204 });
    expect(await foreignIds(owner)).toEqual(foreign);
    expect(await database.countProjects("acme")).toBe(4);

    await database.run(`update session set "expiresAt" = '2001-01-01T00:00:00.000Z'`);
    for (const [method, path, body] of ROUTES)
      await expectNothing(call, [method, `/api/orgs/acme/${path}`, body], [401]);
    await expectNothing(call, ["GET", "/api/me"], [401]);
  });

  test("a member who manages nothing gets no numbers, and a 403 comes before a 402", async () => {
    const { as, call } = await startTestDemo(kind);
    const mia = await as("mia");
    await call("POST", "/api/orgs/acme/api-keys", { name: "Second" });
    for (const [method, path, body] of ROUTES) {
      if (path === "members" || path.startsWith("projects")) continue;
      await expectNothing(mia, [method, `/api/orgs/acme/${path}`, body], [403]);
    }
    for (const route of OPERATOR_ROUTES) await expectNothing(mia, route, [404]);
    expect(await mia("POST", "/api/orgs/acme/projects", { name: "Fifth" })).toMatchObject({ status: 201 });
    const member = { organizationId: "acme", email: "x@example.com", role: "member" };
    await expectNothing(mia, ["POST", "/api/auth/organization/invite-member", member], [403]);
  });

  test("an organisation sees its own projects and counts only", async () => {
    const { call } = await startTestDemo(kind);
    for (const path of ["entitlements", "projects", "entitlements?org=globex", "projects?orgId=globex"]) {
      const { status, body } = await call("GET", `/api/orgs/acme/${path}`, undefined, { "X-Org-Id": "globex" });
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toMatch(/globex|initech|reactor|weather|hammock|tps|"limit":(?:50|20)/i);
    }
  });

  test("another organisation's key cannot be revoked, and its invitations and keys are not listed", async () => {
    const { call, as } = await startTestDemo(kind);
    const [theirs] = Object((await call("GET", "/api/orgs/acme/api-keys")).body).keys;
    // An admin of Globex, and no more than a member of Acme.
    const mia = await as("mia");
    expect(await mia("DELETE", `/api/orgs/globex/api-keys/${theirs.id}`)).toMatchObject({ status: 404 });
    expect(Object((await mia("GET", "/api/orgs/globex/invitations")).body).invitations).toEqual([]);
    const { keys } = Object((await mia("GET", "/api/orgs/globex/api-keys")).body);
    expect(keys).toHaveLength(4);
    expect(JSON.stringify(keys)).not.toContain(theirs.id);
    expect(Object((await call("GET", "/api/orgs/acme/api-keys")).body).keys).toEqual([theirs]);
  });

  test("an operator who is no member reads and writes nothing inside an organisation", async () => {
    const { as } = await startTestDemo(kind);
    const otto = await as("otto");
    for (const [method, path, body] of ROUTES)
      await expectNothing(otto, [method, `/api/orgs/acme/${path}`, body], [404]);
  });

  test("another organisation's project cannot be replaced: 404, also when full", async () => {
    const { call, database } = await startTestDemo(kind);
    await call("PUT", "/api/orgs/globex/projects/theirs", { name: "Theirs" });
    const attempt = () => call("PUT", "/api/orgs/acme/projects/theirs", { name: "Taken over" });
    expect(await attempt()).toMatchObject({ status: 404, body: { detail: "There is no such project." } });
    await call("POST", "/api/orgs/acme/projects", { name: "Fifth" });
    expect(await attempt()).toMatchObject({ status: 404 });
    expect(await database.countProjects("acme")).toBe(5);
    expect(await call("GET", "/api/orgs/globex/projects")).toMatchObject({
      body: { projects: expect.arrayContaining([expect.objectContaining({ id: "theirs", name: "Theirs" })]) },
    });
  });
});

test.each([
  "/api",
  "/api/orgs",
  "/api/orgs/acme",
  "/api/orgs/acme/",
  "/api/nothing",
  "/main.js",
  "/../package.json",
  "/%2e%2e/server/main.ts",
  "/server/main.ts",
])("%s is a 404 without internals", async (path) => {
  const { call } = await startTestDemo(sqlite);
  const answer = await call("GET", path);
  expect(answer).toMatchObject({ status: 404, body: { title: "Not Found", detail: "There is nothing here." } });
});
