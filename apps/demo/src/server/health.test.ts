import { expect, test } from "vitest";
import { databases } from "./testing/databases.ts";
import { createPostgresDatabase } from "./testing/postgres-database.ts";
import { call as send, startTestDemo } from "./testing/test-demo.ts";

test.each(databases)("it is up, without a session, also while every write waits, on $name", async (kind) => {
  const { url, call, database } = await startTestDemo(kind);
  const letGo = await database.holdWriters();
  const waiting = call("POST", "/api/orgs/acme/projects", { name: "Waits" });
  const answer = await send(url, "GET", "/healthz");
  expect(answer).toMatchObject({ status: 200, body: { status: "ok" } });
  expect(answer.headers.get("Cache-Control")).toBe("no-store");
  await letGo();
  expect(await waiting).toMatchObject({ status: 201 });
});

test("a database that does not answer makes it unavailable after two seconds, and available again", async () => {
  const { url, call, database } = await startTestDemo({ name: "PostgreSQL", create: createPostgresDatabase });
  const letGo = await database.hold("lock table session in access exclusive mode");
  // Each keeps one of the connections.
  const waiting = Array.from({ length: 10 }, () => call("GET", "/api/me"));
  await expect
    .poll(
      () =>
        database.rows(
          "select pid from pg_stat_activity where wait_event = 'relation' and datname = current_database()",
        ),
      { timeout: 10_000 },
    )
    .toHaveLength(10);
  const start = performance.now();
  expect(await send(url, "GET", "/healthz")).toMatchObject({ status: 503, body: { status: "unavailable" } });
  expect(performance.now() - start).toBeLessThan(3_000);
  await letGo();
  await Promise.all(waiting);
  expect(await send(url, "GET", "/healthz")).toMatchObject({ status: 200 });
});
