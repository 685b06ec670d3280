import { describe, expect, test } from "vitest";
import { databases, sqlite } from "./testing/databases.ts";
import { call as send, startTestDemo } from "./testing/test-demo.ts";

const MADE = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

describe.each(databases)("on $name", (kind) => {
  test("each refusal names the request that it answered, also where many meet at one lock", async () => {
    const { call, logged } = await startTestDemo(kind);
    const invite = (n: number) => ({ organizationId: "acme", email: `n${n}@example.com`, role: "member" });
    const numbers = Array.from({ length: 10 }, (_, index) => index);
    const answers = await Promise.all([
      ...numbers.map((n) => call("POST", "/api/orgs/acme/projects", { name: `Client ${n}` })),
      ...numbers.map((n) => call("POST", "/api/auth/organization/invite-member", invite(n))),
    ]);
    const refused = answers.filter(({ status }) => status === 402);
    expect(refused).toHaveLength(18);
    const denials = logged.filter(({ event }) => event === "enforce.denied");
    const idsOf = (resourceType: string) =>
      denials.filter((line) => line["resourceType"] === resourceType).map(({ requestId }) => requestId);
    for (const resourceType of ["quota:project", "seat:member"]) {
      const answered = refused.filter(({ body }) => Object(body).resourceType === resourceType);
      const ids = answered.map(({ headers }) => headers.get("X-Request-Id"));
      expect(new Set(ids).size).toBe(9);
      expect(idsOf(resourceType).toSorted()).toEqual(ids.toSorted());
    }
    for (const line of denials)
      expect(line).toMatchObject({ orgId: "acme", current: expect.any(Number), limit: expect.any(Number) });
  });
});

test("one line a request, with neither query, token, invitation nor address; none for the question whether it is up", async () => {
  const { as, logged } = await startTestDemo(sqlite);
  const nobody = await as(null);
  const from = logged.length;
  const asked: readonly (readonly [path: string, logged: string])[] = [
    ["/api/orgs/acme/projects?token=secret", "/api/orgs/acme/projects"],
    ["/api/invitations/secret-1", "/api/invitations/***"],
    ["/invitations/secret-1", "/invitations/***"],
    ["/api/orgs/olivia@example.com/projects", "/api/orgs/***/projects"],
    ["/olivia%40example.com", "/***"],
    [`/${"a".repeat(500)}`, `/${"a".repeat(199)}`],
  ];
  for (const [path] of asked) await nobody("GET", path);
  expect(await nobody("GET", "/healthz")).toMatchObject({ status: 200, body: { status: "ok" } });
  const lines = logged.slice(from);
  expect(lines.map(({ path }) => path)).toEqual(asked.map(([, path]) => path));
  expect(lines[0]).toEqual({
    ...{ level: "info", event: "request", requestId: expect.stringMatching(MADE) },
    ...{ method: "GET", path: "/api/orgs/acme/projects", status: 401, ms: expect.any(Number) },
  });
});

describe("the id of a request", () => {
  const idOf = async (url: string, given: string) =>
    (await send(url, "GET", "/healthz", undefined, { "X-Request-Id": given })).headers.get("X-Request-Id");

  test("from anybody it is made up anew", async () => {
    const { url } = await startTestDemo(sqlite);
    expect(await idOf(url, "from-a-stranger")).toMatch(MADE);
  });

  test("from a trusted proxy it is kept, unless it is none", async () => {
    const { url } = await startTestDemo(sqlite, { trustProxy: (address) => address === "127.0.0.1" });
    expect(await idOf(url, "from-the-proxy:1")).toBe("from-the-proxy:1");
    for (const odd of ["", "two words", '{"level":"error"}', "x".repeat(129)])
      expect(await idOf(url, odd)).toMatch(MADE);
  });
});
