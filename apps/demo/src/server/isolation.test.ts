import { describe, expect, test } from "vitest";
import { databases, sqlite } from "./testing/databases.ts";
import { startTestDemo } from "./testing/test-demo.ts";

const SECRETS = /globex|initech|reactor|weather|hammock|tps|"limit":(50|20)|5\/5/i;

const tampered = [
  "nobody",
  "ACME",
  "acme%20",
  "acme%00",
  "acme%2F..%2Fglobex",
  "..%2Fglobex",
  "acme;globex",
  "%E0%A4",
  "a".repeat(5_000),
];

describe.each(databases)("on $name", (kind) => {
  test.each(tampered)("organisation %s is a 404 on every route, and names nobody else", async (orgId) => {
    const { call } = await startTestDemo(kind);
    for (const [method, path] of [
      ["GET", "entitlements"],
      ["GET", "projects"],
      ["POST", "projects"],
      ["PUT", "projects/new"],
      ["POST", "api-keys"],
      ["DELETE", "api-keys"],
      ["POST", "race"],
    ] as const) {
      const answer = await call(method, `/api/orgs/${orgId}/${path}`, method === "GET" ? undefined : { name: "Fine" });
      expect(answer.status).toBe(404);
      expect(answer.headers.get("Content-Type")).toBe("application/problem+json");
      const { instance, ...told } = Object(answer.body);
      expect(JSON.stringify(told)).not.toMatch(SECRETS);
    }
  });

  test("an organisation sees its own projects and counts only", async () => {
    const { call } = await startTestDemo(kind);
    for (const path of ["entitlements", "projects", "entitlements?org=globex", "projects?orgId=globex"]) {
      const { status, body } = await call("GET", `/api/orgs/acme/${path}`, undefined, { "X-Org-Id": "globex" });
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toMatch(SECRETS);
    }
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
