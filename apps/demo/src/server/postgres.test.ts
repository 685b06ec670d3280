import { expect, test } from "vitest";
import { createPostgresDatabase } from "./testing/postgres-database.ts";
import { startTestDemo } from "./testing/test-demo.ts";

const kind = { name: "PostgreSQL", create: createPostgresDatabase };
const USAGE = "/api/orgs/acme/entitlements";
const ours = "application_name = 'entitlements-demo' and datname = current_database()";

// Fails when nobody hears the pool's errors: the first of them ends the process.
test("connections that the server ends while nobody uses them are replaced", async () => {
  const { call, database, logged } = await startTestDemo(kind);
  await Promise.all(Array.from({ length: 5 }, () => call("GET", USAGE)));
  await database.rows(`select pg_terminate_backend(pid) from pg_stat_activity where ${ours}`);
  await expect.poll(() => logged).toContainEqual(expect.objectContaining({ event: "database.connection_lost" }));
  expect(await call("POST", "/api/orgs/acme/race")).toMatchObject({ status: 200, body: { created: 1, refused: 19 } });
});

// Fails when the pool is not closed.
test("a demo that has stopped has no connection left", async () => {
  const { call, database, stop } = await startTestDemo(kind);
  await Promise.all(Array.from({ length: 5 }, () => call("GET", USAGE)));
  const connected = () => database.rows(`select pid from pg_stat_activity where ${ours}`);
  expect(await connected()).not.toEqual([]);
  await stop();
  await expect.poll(connected).toEqual([]);
});
