import { describe, expect, test } from "vitest";
import { createPostgresDatabase, type PostgresTestDatabase } from "./testing/postgres-database.ts";
import { startTestDemo } from "./testing/test-demo.ts";

const kind = { name: "PostgreSQL", create: createPostgresDatabase };
const USAGE = "/api/orgs/acme/entitlements";
const WAITING = `select count(*)::int as waiting from pg_locks
  where not granted and database = (select oid from pg_database where datname = current_database())`;
const ours = "application_name = 'entitlements-demo' and datname = current_database()";

// Fails when nobody hears the pool's errors: the first of them ends the process.
test("connections that the server ends while nobody uses them are replaced", async () => {
  const { call, database, logged } = await startTestDemo(kind);
  await Promise.all(Array.from({ length: 5 }, () => call("GET", USAGE)));
  await database.rows(`select pg_terminate_backend(pid) from pg_stat_activity where ${ours}`);
  await expect.poll(() => logged).toContainEqual(expect.objectContaining({ event: "database.connection_lost" }));
  const race = { door: "project", clients: 20, protection: true };
  expect(await call("POST", "/api/orgs/acme/race-lab", race)).toMatchObject({
    status: 200,
    body: { granted: 1, refused: 19 },
  });
});

// Fails when nobody hears the errors of the pool's clients.
test("a connection that the server ends in the middle of a request costs that request alone", async () => {
  const { call, database } = await startTestDemo(kind);
  const letGo = await database.holdWriters();
  const unlucky = call("POST", "/api/orgs/acme/projects", { name: "Unlucky" });
  await expect.poll(() => database.rows(WAITING)).toEqual([{ waiting: 1 }]);
  await database.rows(
    `select pg_terminate_backend(pid) from pg_stat_activity where ${ours} and wait_event = 'relation'`,
  );
  expect((await unlucky).status).toBeGreaterThanOrEqual(500);
  await letGo();
  expect(await call("POST", "/api/orgs/acme/projects", { name: "Fifth" })).toMatchObject({ status: 201 });
});

// Fails when a reset deletes the keys before it has the lock under which they are counted.
test("a key that is made while somebody resets the demo is gone with the others, and so is its count", async () => {
  const { call, database } = await startTestDemo(kind);
  const letGo = await database.hold(
    "select * from org_entitlement where org_id = 'acme' and resource_type = 'quota:api_key' for update",
  );
  const waiting = () => database.rows(`select pid from pg_stat_activity where ${ours} and wait_event_type = 'Lock'`);
  const made = call("POST", "/api/orgs/acme/api-keys", { name: "Meanwhile" });
  await expect.poll(waiting).toHaveLength(1);
  const reset = call("POST", "/api/reset");
  await expect.poll(waiting).toHaveLength(2);
  await letGo();
  expect([(await made).status, (await reset).status]).toEqual([201, 204]);
  expect((await call("GET", "/api/orgs/acme/api-keys")).body).toMatchObject({ keys: [{ name: "Website" }] });
  expect((await call("GET", USAGE)).body).toMatchObject({ entitlements: [{}, {}, {}, { current: 1 }, {}] });
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

describe("two demos that start at once", () => {
  async function startTwo(database: PostgresTestDatabase, held: string) {
    const letGo = await database.hold(held);
    const onIt = { name: "PostgreSQL", create: async () => database };
    const starting = Promise.all([startTestDemo(onIt), startTestDemo(onIt)]);
    await expect.poll(() => database.rows(WAITING)).toEqual([{ waiting: 2 }]);
    await letGo();
    const [, demo] = await starting;
    expect(await demo.call("GET", USAGE)).toMatchObject({
      body: {
        entitlements: [
          { limit: 2, current: 2 },
          { limit: 3 },
          { limit: 5, current: 4 },
          { limit: 2, current: 1 },
          { limit: 0 },
        ],
      },
    });
  }

  // Fails when the tables are made without the lock: nobody waits for it.
  test("on an empty database: one makes the tables, the other waits for them", async () => {
    await startTwo(await createPostgresDatabase(), "select pg_advisory_xact_lock(hashtext('entitlements-demo'))");
  });

  // Fails when an organisation is looked for before it is made: both have looked when the first may write.
  test("on empty tables: one fills them", async () => {
    const database = await createPostgresDatabase();
    const { stop } = await startTestDemo({ name: "PostgreSQL", create: async () => database });
    await stop();
    await database.run(
      'truncate organization, member, invitation, account, session, "user", project, api_key, org_entitlement, demo_setting',
    );
    await startTwo(database, "lock table organization in share mode");
  });
});
