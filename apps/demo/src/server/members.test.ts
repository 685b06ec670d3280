import { describe, expect, test } from "vitest";
import { databases } from "./testing/databases.ts";
import { startTestDemo } from "./testing/test-demo.ts";

describe.each(databases)("on $name", (kind) => {
  test("every member sees every member, also beyond a hundred", async () => {
    const { as, database } = await startTestDemo(kind);
    const now = "'2030-01-01T00:00:00.000Z'";
    const numbers = Array.from({ length: 120 }, (_, index) => index);
    const people = numbers.map(
      (n) => `('u${n}', 'User ${n}', 'u${n}@example.com', ${VERIFIED[kind.name]}, ${now}, ${now})`,
    );
    await database.run(
      `insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt") values ${people.join()}`,
    );
    const members = numbers.map((n) => `('m${n}', 'acme', 'u${n}', 'member', ${now})`);
    await database.run(
      `insert into member (id, "organizationId", "userId", role, "createdAt") values ${members.join()}`,
    );
    const { status, body } = await (await as("mia"))("GET", "/api/orgs/acme/members");
    expect(status).toBe(200);
    expect(Object(body).members).toHaveLength(123);
    expect(Object(body).members.slice(0, 3)).toEqual(
      expect.arrayContaining([
        {
          ...{ id: expect.any(String), userId: expect.any(String), role: "owner" },
          ...{ name: "Olivia Owner", email: "olivia@example.com" },
          createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        },
      ]),
    );
  });

  test("who manages sees the open invitations, an expired one too, until they are answered", async () => {
    const { call, as, database } = await startTestDemo(kind);
    const open = async () => Object((await call("GET", "/api/orgs/acme/invitations")).body).invitations;
    const [invitation, ...others] = await open();
    expect(others).toEqual([]);
    expect(invitation).toEqual({
      ...{ id: expect.any(String), email: "ivan@example.com", role: "member" },
      expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    expect(await (await as("mia"))("GET", "/api/orgs/acme/invitations")).toMatchObject({ status: 403 });
    await database.run(`update invitation set "expiresAt" = '2001-01-01T00:00:00.000Z'`);
    expect(await open()).toEqual([{ ...invitation, expiresAt: "2001-01-01T00:00:00.000Z" }]);
    const cancelled = { invitationId: invitation.id };
    expect(await call("POST", "/api/auth/organization/cancel-invitation", cancelled)).toMatchObject({ status: 200 });
    expect(await open()).toEqual([]);
  });
});

const VERIFIED: Readonly<Record<string, string>> = { SQLite: "1", PostgreSQL: "true" };
