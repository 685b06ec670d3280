import { describe, expect, test } from "vitest";
import { databases } from "./testing/databases.ts";
import { atOnce, limitReached, startTestDemo } from "./testing/test-demo.ts";

describe.each(databases)("on $name", (kind) => {
  // Fails when a project is inserted after a `check` in place of inside `enforce`: all have counted before one inserts.
  test("twenty requests for the last project: one gets it, nineteen get the same 402", async () => {
    const { call, database } = await startTestDemo(kind);
    expect(await database.countProjects("acme")).toBe(4);

    const clients = Array.from({ length: 20 }, (_, index) => `Client ${index}`);
    const answers = await atOnce(
      database,
      clients.map((name) => () => call("POST", "/api/orgs/acme/projects", { name })),
    );

    const refused = answers.filter(({ status }) => status === 402);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(refused).toHaveLength(19);
    for (const { body } of refused) expect(body).toEqual(limitReached("acme", 5));
    expect(await database.countProjects("acme")).toBe(5);
  });

  test("the race button: one created, nineteen refused, and again as often as it is pressed", async () => {
    const { call, database } = await startTestDemo(kind);
    for (const removed of [0, 1, 1]) {
      const { status, body } = await call("POST", "/api/orgs/acme/race");
      expect(status).toBe(200);
      expect(body).toMatchObject({ limit: 5, added: 0, removed, total: 20, created: 1, refused: 19, other: 0 });
      expect(body).toMatchObject({ problem: limitReached("acme", 5) });
      expect(await database.countProjects("acme")).toBe(5);
    }
  });

  test("an organisation with much left is filled up to its last project first", async () => {
    const { call, database } = await startTestDemo(kind);
    const { body } = await call("POST", "/api/orgs/globex/race");
    expect(body).toMatchObject({ limit: 50, added: 46, removed: 0, created: 1, refused: 19, other: 0 });
    expect(await database.countProjects("globex")).toBe(50);
  });

  test("an organisation without a limit is refused nothing", async () => {
    const { call, database } = await startTestDemo(kind);
    const { body } = await call("POST", "/api/orgs/initech/race");
    expect(body).toMatchObject({ limit: null, added: 0, removed: 0, created: 20, refused: 0, other: 0, problem: null });
    expect(await database.countProjects("initech")).toBe(22);
  });

  test("a race leaves archived projects alone", async () => {
    const { call } = await startTestDemo(kind);
    await call("PUT", "/api/orgs/acme/projects/kept", { name: "Kept", archived: true });
    await call("POST", "/api/orgs/acme/race");
    const { body } = await call("GET", "/api/orgs/acme/projects");
    expect(body).toMatchObject({ projects: expect.arrayContaining([expect.objectContaining({ id: "kept" })]) });
  });

  test("two races of one organisation at once: the second is told to wait", async () => {
    const { call, database } = await startTestDemo(kind);
    const press = () => call("POST", "/api/orgs/acme/race");
    const answers = await atOnce(database, [press, press]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test("every refusal is one line of the log", async () => {
    const { call, logged } = await startTestDemo(kind);
    await call("POST", "/api/orgs/acme/race");
    expect(logged).toHaveLength(19);
    for (const line of logged) {
      expect(line).toEqual({
        level: "info",
        event: "enforce.denied",
        orgId: "acme",
        resourceType: "quota:project",
        current: 5,
        limit: 5,
        requested: 1,
      });
    }
  });
});
