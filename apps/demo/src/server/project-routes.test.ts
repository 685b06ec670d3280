import { describe, expect, test } from "vitest";
import { databases } from "./testing/databases.ts";
import { atOnce, limitReached, startTestDemo } from "./testing/test-demo.ts";

const PROJECTS = "/api/orgs/acme/projects";

describe.each(databases)("on $name", (kind) => {
  test("the fifth project is created, the sixth is refused with a 402 document", async () => {
    const { call, database } = await startTestDemo(kind);
    const fifth = await call("POST", PROJECTS, { name: "  Fifth " });
    expect(fifth.status).toBe(201);
    expect(fifth.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: "Fifth",
      archived: false,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });

    const sixth = await call("POST", PROJECTS, { name: "Sixth" });
    expect(sixth.status).toBe(402);
    expect(sixth.headers.get("Content-Type")).toBe("application/problem+json");
    expect(sixth.headers.get("Cache-Control")).toBe("no-store");
    expect(sixth.body).toEqual(limitReached("acme", 5));
    expect(await database.countProjects("acme")).toBe(5);
  });

  test("PUT creates, then updates, also when the organisation is full", async () => {
    const { call, database } = await startTestDemo(kind);
    expect(await call("PUT", `${PROJECTS}/mine`, { name: "Mine" })).toMatchObject({
      status: 201,
      body: { id: "mine", name: "Mine", archived: false },
    });
    expect(await call("PUT", `${PROJECTS}/mine`, { name: "Renamed" })).toMatchObject({
      status: 200,
      body: { id: "mine", name: "Renamed", archived: false },
    });
    const another = await call("PUT", `${PROJECTS}/another`, { name: "One too many" });
    expect(another).toMatchObject({ status: 402, body: limitReached("acme", 5, "/another") });
    expect(await database.countProjects("acme")).toBe(5);
  });

  test("ten PUTs of one new id for the last project: one creates it, nine update it", async () => {
    const { call, database } = await startTestDemo(kind);
    const writers = Array.from({ length: 10 }, (_, index) => `Writer ${index}`);
    const answers = await atOnce(
      database,
      writers.map((name) => () => call("PUT", `${PROJECTS}/new`, { name })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 9 }, () => 200), 201]);
    expect(await database.countProjects("acme")).toBe(5);
  });

  // Fails when an id that is taken in between is an error of the database's: both have looked before either inserts.
  test("two organisations that take one id at once: one gets it, for the other there is no such project", async () => {
    const { call, database } = await startTestDemo(kind);
    const put = (orgId: string) => () => call("PUT", `/api/orgs/${orgId}/projects/same`, { name: "Mine" });
    const answers = await atOnce(database, [put("acme"), put("globex")]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 404]);
    expect((await database.countProjects("acme")) + (await database.countProjects("globex"))).toBe(8);
  });

  test("archiving frees a project; bringing it back counts as a new one", async () => {
    const { call } = await startTestDemo(kind);
    await call("PUT", `${PROJECTS}/old`, { name: "Old" });
    expect(await call("PUT", `${PROJECTS}/old`, { name: "Old", archived: true })).toMatchObject({ status: 200 });
    expect(await call("POST", PROJECTS, { name: "In its place" })).toMatchObject({ status: 201 });
    const back = await call("PUT", `${PROJECTS}/old`, { name: "Old", archived: false });
    expect(back).toMatchObject({ status: 402, body: limitReached("acme", 5, "/old") });
    expect(await call("PUT", `${PROJECTS}/old`, { name: "Older", archived: true })).toMatchObject({
      status: 200,
      body: { name: "Older", archived: true },
    });
  });

  test("an organisation without a limit is never refused", async () => {
    const { call } = await startTestDemo(kind);
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        call("POST", "/api/orgs/initech/projects", { name: `Project ${index}` }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  });

  test.each([
    ["no JSON", "{", /^Malformed JSON/],
    ["no body", "", /^Malformed JSON/],
    ["null", null, /^body: /],
    ["no name", {}, /^name: /],
    ["a number", { name: 7 }, /^name: /],
    ["an empty name", { name: "   " }, /^name: /],
    ["a name that is too long", { name: "x".repeat(101) }, /^name: /],
    ["control characters", { name: "a\nb" }, /^name: must be a single line/],
    ["what no database keeps", { name: "a\u0000b" }, /^The character U\+0000/],
    ["half a character", '{"name":"\\ud800"}', /^name: must be a single line/],
    ["an unknown property", { name: "Fine", orgId: "globex" }, /orgId/],
  ])("a body with %s is a 400 that says so", async (_what, body, detail) => {
    const { call, database } = await startTestDemo(kind);
    for (const [method, path] of [
      ["POST", PROJECTS],
      ["PUT", `${PROJECTS}/new`],
    ] as const) {
      const answer = await call(method, path, body);
      expect(answer.status).toBe(400);
      expect(answer.body).toEqual({
        type: "about:blank",
        title: "Bad Request",
        status: 400,
        detail: expect.stringMatching(detail),
        instance: path,
      });
    }
    expect(await database.countProjects("acme")).toBe(4);
  });

  test("a name of 100 characters in any script is taken", async () => {
    const { call } = await startTestDemo(kind);
    const name = "Ω👩‍🔧".repeat(10);
    expect(await call("POST", PROJECTS, { name })).toMatchObject({ status: 201, body: { name } });
    expect(await call("PUT", `${PROJECTS}/long`, { name: "x".repeat(100) })).toMatchObject({ status: 402 });
  });

  test.each(["a.b", "a%2Fb", "%00", "%E0%A4", "a".repeat(65), "a b"])("%s is no id of a project: 400", async (id) => {
    const { call } = await startTestDemo(kind);
    expect(await call("PUT", `${PROJECTS}/${id}`, { name: "Fine" })).toMatchObject({
      status: 400,
      body: { status: 400 },
    });
  });

  test("a body that is too large is a 413", async () => {
    const { call } = await startTestDemo(kind);
    const answer = await call("POST", PROJECTS, { name: "x".repeat(20_000) });
    expect(answer).toMatchObject({ status: 413, body: { title: "Payload Too Large", status: 413 } });
  });
});
