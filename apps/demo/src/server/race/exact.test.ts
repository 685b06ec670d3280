import { describe, expect, test } from "vitest";
import { databases } from "../testing/databases.ts";
import { atOnce, limitReached, startTestDemo } from "../testing/test-demo.ts";

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

  test("every refusal is one line of the log", async () => {
    const { call, logged } = await startTestDemo(kind);
    await call("POST", "/api/orgs/acme/projects", { name: "Fifth" });
    await Promise.all([1, 2, 3].map((n) => call("POST", "/api/orgs/acme/projects", { name: `Late ${n}` })));
    const denials = logged.filter(({ event }) => event === "enforce.denied");
    expect(denials).toHaveLength(3);
    for (const line of denials) {
      expect(line).toEqual({
        ...{ level: "info", event: "enforce.denied", orgId: "acme", resourceType: "quota:project" },
        ...{ current: 5, limit: 5, requested: 1, requestId: expect.any(String) },
      });
    }
  });
});
