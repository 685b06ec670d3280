import { describe, expect, test } from "vitest";
import { planOf } from "./plans.ts";
import { databases } from "./testing/databases.ts";
import { call as send, startTestDemo } from "./testing/test-demo.ts";

const FIRST = expect.stringMatching(/^\d{4}-\d\d-01T00:00:00\.000Z$/);

test("a plan renews on the first of the next month, in December of the next year", () => {
  expect(planOf("acme", new Date("2030-12-31T23:59:59Z"))).toEqual({
    name: "Team",
    renewsAt: "2031-01-01T00:00:00.000Z",
  });
  expect(planOf("founded")).toBe(null);
});

describe.each(databases)("on $name", (kind) => {
  test("somebody sees who they are, their organisations by name, and what they may do there", async () => {
    const { as } = await startTestDemo(kind);
    expect((await (await as("mia"))("GET", "/api/me")).body).toEqual({
      user: { id: expect.any(String), name: "Mia Member", email: "mia@example.com" },
      operator: false,
      organisations: [
        { id: "acme", name: "Acme", role: "member", manages: false, plan: { name: "Team", renewsAt: FIRST } },
        { id: "globex", name: "Globex", role: "admin", manages: true, plan: { name: "Business", renewsAt: FIRST } },
        { id: "initech", name: "Initech", role: "member", manages: false, plan: null },
      ],
    });
    expect((await (await as("otto"))("GET", "/api/me")).body).toMatchObject({ operator: true, organisations: [] });
    expect(await (await as(null))("GET", "/api/me")).toMatchObject({ status: 401, body: { status: 401 } });
  });

  test.each(["", " \n ", "two\nlines", "\u200b", "x".repeat(101)])("nothing and nobody is called %j", async (name) => {
    const { call, url } = await startTestDemo(kind);
    const account = { email: "nora@example.com", password: "a password of mine" };
    expect(await send(url, "POST", "/api/auth/sign-up/email", { ...account, name })).toMatchObject({ status: 400 });
    expect(await call("POST", "/api/auth/organization/create", { name, slug: "new" })).toMatchObject({ status: 400 });
    expect(await call("POST", "/api/orgs/globex/projects", { name })).toMatchObject({ status: 400 });
    const trimmed = await send(url, "POST", "/api/auth/sign-up/email", { ...account, name: " Nora O'Neill 🚀 " });
    expect(trimmed).toMatchObject({ status: 200, body: { user: { name: "Nora O'Neill 🚀" } } });
    const founded = await call("POST", "/api/auth/organization/create", { name: " New ", slug: "new" });
    expect(founded).toMatchObject({ status: 200, body: { name: "New" } });
  });

  test("everybody who is offered for one click can sign in with the password", async () => {
    const { as, url, database } = await startTestDemo(kind);
    const nobody = await as(null);
    const { password, people } = Object((await nobody("GET", "/api/people")).body);
    expect(people).toEqual(
      ["olivia", "adam", "mia", "otto"].map((name) => ({
        email: `${name}@example.com`,
        name: expect.stringMatching(/^[A-Z]\w+ [A-Z]\w+$/),
        description: expect.stringMatching(/\.$/),
      })),
    );
    for (const { email } of people)
      expect(await send(url, "POST", "/api/auth/sign-in/email", { email, password })).toMatchObject({ status: 200 });
    await database.run(`delete from "user" where email = 'otto@example.com'`);
    expect(Object((await nobody("GET", "/api/people")).body).people).toHaveLength(3);
  });
});
