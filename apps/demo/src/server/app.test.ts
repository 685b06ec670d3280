import { describe, expect, test } from "vitest";
import { databases, sqlite } from "./testing/databases.ts";
import { startTestDemo } from "./testing/test-demo.ts";

const USAGE = "/api/orgs/acme/entitlements";

describe.each(databases)("on $name", (kind) => {
  test("the usage of the three organisations, as the page shows it", async () => {
    const { call } = await startTestDemo(kind);
    const usage = async (orgId: string) => (await call("GET", `/api/orgs/${orgId}/entitlements`)).body;
    expect(await usage("acme")).toEqual({
      orgId: "acme",
      entitlements: [
        { ...count("seat:admin", "Admin seats"), limit: 2, current: 2, remaining: 0, status: "at" },
        { ...count("seat:member", "Member seats"), limit: 3, current: 2, reserved: 1, remaining: 1, status: "ok" },
        { ...count("quota:project", "Projects"), limit: 5, current: 4, remaining: 1, status: "near" },
        { ...count("quota:api_key", "API keys"), limit: 2, current: 1, remaining: 1, status: "ok" },
        { ...count("feature:sso", "Single sign-on"), kind: "feature", limit: 0, remaining: 0, status: "blocked" },
      ],
    });
    expect(await usage("globex")).toMatchObject({
      entitlements: [{ limit: 5 }, { limit: 20 }, { limit: 50, current: 3 }, { limit: 20, current: 4 }, { limit: 1 }],
    });
    expect(await usage("initech")).toMatchObject({
      entitlements: [
        { limit: null, current: 2 },
        { limit: null, current: 1 },
        { limit: null, current: 2, remaining: null, status: "unlimited" },
        { limit: null, current: 3, status: "unlimited" },
        { limit: null, status: "unlimited" },
      ],
    });
  });

  function count(resourceType: string, label: string) {
    return { resourceType, label, kind: "count", current: 0, reserved: 0, resetsAt: null };
  }

  test("unchanged usage is a 304, changed usage is sent again", async () => {
    const { call } = await startTestDemo(kind);
    const first = await call("GET", USAGE);
    const etag = first.headers.get("ETag") ?? "";
    expect(first.headers.get("Cache-Control")).toBe("private, no-cache");
    const again = await call("GET", USAGE, undefined, { "If-None-Match": etag });
    expect(again).toMatchObject({ status: 304, body: "" });
    await call("POST", "/api/orgs/acme/projects", { name: "Fifth" });
    expect(await call("GET", USAGE, undefined, { "If-None-Match": etag })).toMatchObject({
      status: 200,
      body: { entitlements: [{}, {}, { current: 5, status: "at" }, {}, {}] },
    });
  });

  test("reset brings every organisation back to where it started", async () => {
    const { call } = await startTestDemo(kind);
    const before = await call("GET", USAGE);
    await call("POST", "/api/orgs/acme/projects", { name: "Fifth" });
    await call("POST", "/api/orgs/acme/api-keys", { name: "Second" });
    await call("POST", "/api/orgs/globex/projects", { name: "Mine" });
    expect(await call("POST", "/api/reset")).toMatchObject({ status: 204 });
    expect((await call("GET", USAGE)).body).toEqual(before.body);
    const { body } = await call("GET", "/api/orgs/globex/projects");
    expect(body).toMatchObject({
      projects: [{ name: "Hammock district" }, { name: "Weather control" }, { name: "Reactor" }],
    });
  });

  test("a page of another site changes nothing, whatever its browser says of it", async () => {
    const { call, url } = await startTestDemo(kind);
    const elsewhere = [
      { "Sec-Fetch-Site": "cross-site" },
      { "Sec-Fetch-Site": "same-site" },
      { Origin: "http://elsewhere.example" },
      { Origin: "null" },
    ];
    for (const headers of elsewhere) {
      for (const path of [
        "/api/reset",
        "/api/orgs/acme/api-keys",
        "/api/auth/sign-out",
        "/api/auth/organization/leave",
      ])
        expect(await call("POST", path, {}, headers)).toMatchObject({ status: 403 });
    }
    expect(await call("POST", "/api/reset", undefined, { "Sec-Fetch-Site": "same-origin", Origin: url })).toMatchObject(
      { status: 204 },
    );
  });

  test("reset is for those who manage, and leaves alone what is gone", async () => {
    const { call, as, database } = await startTestDemo(kind);
    await call("POST", "/api/orgs/acme/projects", { name: "Fifth" });
    expect(await (await as("mia"))("POST", "/api/reset")).toMatchObject({ status: 204 });
    expect(await database.countProjects("acme")).toBe(5);
    expect(await call("POST", "/api/auth/organization/delete", { organizationId: "initech" })).toMatchObject({
      status: 200,
    });
    expect(await call("POST", "/api/reset")).toMatchObject({ status: 204 });
    expect(await database.countProjects("acme")).toBe(4);
  });

  test("what is about people is kept by no cache", async () => {
    const { call } = await startTestDemo(kind);
    for (const path of ["get-session", "organization/list", "organization/list-members?organizationId=acme"]) {
      const answer = await call("GET", `/api/auth/${path}`);
      expect([answer.status, answer.headers.get("Cache-Control")]).toEqual([200, expect.stringContaining("no-store")]);
    }
  });

  test("what goes wrong inside is a plain 500, and told to the log alone", async () => {
    const { call, database, logged } = await startTestDemo(kind);
    await database.run("create unique index secret_detail on project (lower(name))");
    const answer = await call("POST", "/api/orgs/acme/projects", { name: "Website" });
    expect(answer).toMatchObject({ status: 500, body: { code: "ENTITLEMENT_INTERNAL", status: 500 } });
    expect(JSON.stringify(answer.body)).not.toMatch(/secret|sqlite|postgres|unique/i);
    const failed = logged.filter(({ level }) => level === "error");
    expect(failed).toEqual([expect.objectContaining({ event: "request.failed", method: "POST" })]);
    expect(failed[0]).toMatchObject({ requestId: answer.headers.get("X-Request-Id") });
    expect(JSON.stringify(logged)).toContain("secret_detail");
  });
});

test.each([
  ["DELETE", USAGE, "GET, HEAD"],
  ["POST", USAGE, "GET, HEAD"],
  ["PATCH", "/api/orgs/acme/projects", "GET, HEAD, POST"],
  ["GET", "/api/orgs/acme/projects/mine", "PUT"],
  ["GET", "/api/orgs/acme/race-lab", "POST"],
  ["PUT", "/api/orgs/acme/members", "GET, HEAD"],
  ["POST", "/api/me", "GET, HEAD"],
  ["GET", "/api/orgs/acme/api-keys/mine", "DELETE"],
  ["GET", "/api/reset", "POST"],
])("%s %s is a 405 that names what is allowed", async (method, path, allow) => {
  const { call } = await startTestDemo(sqlite);
  const answer = await call(method, path);
  expect(answer).toMatchObject({ status: 405, body: { title: "Method Not Allowed", status: 405 } });
  expect(answer.headers.get("Allow")).toBe(allow);
});
