import { describe, expect, test } from "vitest";
import { databases, type TestDatabase } from "./testing/databases.ts";
import { callWith, startTestDemo, type TestDemo } from "./testing/test-demo.ts";

const invite = (email: string, role = "member") =>
  ["POST", "/api/auth/organization/invite-member", { organizationId: "acme", email, role }] as const;

async function signUp({ as, url }: TestDemo<TestDatabase>, email: string) {
  const nobody = await as(null);
  const { status, headers } = await nobody("POST", "/api/auth/sign-up/email", {
    email,
    password: "a long one",
    name: "N",
  });
  expect(status).toBe(200);
  return callWith(url, headers);
}

describe.each(databases)("on $name", (kind) => {
  test("a new user is invited, sees the invitation, accepts it and is a member", async () => {
    const demo = await startTestDemo(kind);
    const invited = await demo.call(...invite("ivan@example.com"));
    // He is invited already, so his seat is held already.
    expect(invited).toMatchObject({ status: 400, body: { code: "USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION" } });
    const listed = await demo.call("GET", "/api/auth/organization/list-invitations?organizationId=acme");
    const [{ id: invitationId }] = [...Object(listed.body)];
    const nobody = await demo.as(null);
    const preview = async () => (await nobody("GET", `/api/invitations/${invitationId}`)).body;
    expect(await preview()).toEqual({ valid: true, seatAvailable: true });

    const ivan = await signUp(demo, "ivan@example.com");
    expect(await ivan("GET", "/api/orgs/acme/projects")).toMatchObject({ status: 404 });
    expect(await ivan("POST", "/api/auth/organization/accept-invitation", { invitationId })).toMatchObject({
      status: 200,
    });
    expect(await ivan("GET", "/api/orgs/acme/projects")).toMatchObject({ status: 200 });
    expect(await preview()).toEqual({ valid: false, seatAvailable: false });
  });

  test("one free seat, five invitations at once: one is issued, four get the 402 of every other door", async () => {
    const { call, logged } = await startTestDemo(kind);
    const emails = Array.from({ length: 5 }, (_, index) => `new${index}@example.com`);
    const answers = await Promise.all(emails.map((email) => call(...invite(email))));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 402, 402, 402, 402]);
    expect(answers.find(({ status }) => status === 402)?.body).toEqual({
      ...{ type: "urn:entitlements:problem:limit-reached", title: "Payment Required", status: 402 },
      ...{ code: "ENTITLEMENT_LIMIT_REACHED", detail: "Member seats limit reached (3/3)" },
      ...{ resourceType: "seat:member", current: 3, limit: 3, requested: 1, resetsAt: null },
    });
    const denied = { event: "enforce.denied", orgId: "acme", resourceType: "seat:member", current: 3, limit: 3 };
    expect(logged.filter(({ event }) => event === "enforce.denied")).toEqual(
      Array.from({ length: 4 }, () => expect.objectContaining(denied)),
    );
  });

  test("a promotion into a full bucket is refused, and the old role stays", async () => {
    const { call } = await startTestDemo(kind);
    const members = async () => {
      const { body } = await call("GET", "/api/auth/organization/list-members?organizationId=acme");
      return [...Object(body).members].map(({ id, role, user }) => ({ id, role, email: user.email }));
    };
    const mia = (await members()).find(({ email }) => email === "mia@example.com");
    const promote = { organizationId: "acme", memberId: mia?.id, role: "admin" };
    expect(await call("POST", "/api/auth/organization/update-member-role", promote)).toMatchObject({
      status: 402,
      body: { resourceType: "seat:admin", current: 2, limit: 2 },
    });
    expect((await members()).find(({ email }) => email === "mia@example.com")?.role).toBe("member");
  });

  test("an organisation that somebody founds is theirs, not limited, and goes with its projects", async () => {
    const demo = await startTestDemo(kind);
    const founder = await signUp(demo, "founder@example.com");
    const { body } = await founder("POST", "/api/auth/organization/create", { name: "Own", slug: "own" });
    const { id } = Object(body);
    expect(await founder("POST", `/api/orgs/${id}/projects`, { name: "First" })).toMatchObject({ status: 201 });
    expect(await founder("GET", `/api/orgs/${id}/entitlements`)).toMatchObject({
      body: { entitlements: [{ current: 1, limit: null }, { current: 0 }, { current: 1, limit: null }, {}, {}] },
    });
    expect(await founder("POST", "/api/auth/organization/delete", { organizationId: id })).toMatchObject({
      status: 200,
    });
    expect(await founder("GET", `/api/orgs/${id}/projects`)).toMatchObject({ status: 404 });
    expect(await demo.database.countProjects(id)).toBe(0);
  });
});
