import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { type Server, startPostgres, startReplica } from "@x/entitlements-test-servers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectRefusal, started, stopped } from "./testing/demo-process.ts";
import { query } from "./testing/postgres-database.ts";

// A server of this file's own, since what is refused here is set for the whole server.
let server: Server;

beforeAll(async () => {
  server = await startPostgres();
  await server.stop("fast");
  const rules = join(server.data, "pg_hba.conf");
  await writeFile(rules, `host all careful all scram-sha-256\n${await readFile(rules, "utf8")}`);
  await server.start();
  await query(server.url(), "create role careful login password 'right'; create role guest login");
});

afterAll(() => server.remove());

async function newDatabase(name: string): Promise<string> {
  await query(server.url(), `create database ${name}`);
  return server.url(name);
}

/** The server's address with another user. */
function as(user: string, url: string): string {
  return url.replace("postgres@", `${user}@`);
}

async function closedPort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("No port.");
  return address.port;
}

test("says in one line where it listens and what it stores in, without the password", async () => {
  const url = await newDatabase("told");
  const demo = await started({ DATABASE_URL: as("postgres:hunter2", url) });
  expect(demo.output.out).toBe(`Demo on ${demo.url} (database: ${url}, Ctrl-C stops)\n`);
  await stopped(demo);
  expect(demo.output.error).toBe("");
});

test("DATABASE_URL and DATABASE_FILE", async () => {
  await expectRefusal(
    { DATABASE_URL: server.url(), DATABASE_FILE: "demo.db" },
    /^DATABASE_URL and DATABASE_FILE are both set\. Leave out/,
  );
});

test("a DATABASE_URL that is none", async () => {
  const lines: readonly (readonly [url: string, line: RegExp])[] = [
    ["localhost/demo", /^DATABASE_URL must begin with postgres:\/\/.*Without it/],
    ["mysql://root:hunter2@localhost/demo", /^DATABASE_URL must begin with postgres:\/\/(?!.*hunter2)/],
    ["postgres://demo:hunter#2@localhost/demo", /^DATABASE_URL cannot be read.*percent-encoded(?!.*hunter)/],
    ["postgres://demo@localhost:99999/demo", /^DATABASE_URL cannot be read/],
  ];
  await Promise.all(lines.map(([DATABASE_URL, line]) => expectRefusal({ DATABASE_URL }, line)));
});

test("a server that does not run", async () => {
  const port = await closedPort();
  await expectRefusal(
    { DATABASE_URL: `postgres://demo:hunter2@localhost:${port}/demo` },
    new RegExp(`^Nothing answers at localhost:${port}\\. Start PostgreSQL.*postgres://demo@localhost:${port}/demo`),
  );
});

test("a host that does not exist", async () => {
  await expectRefusal({ DATABASE_URL: "postgres://demo@nowhere.invalid/demo" }, /^There is no host nowhere\.invalid\./);
});

test("a port where something else listens", async () => {
  const demo = await started({ DATABASE_URL: await newDatabase("other_port") });
  const { port } = new URL(demo.url);
  await expectRefusal(
    { DATABASE_URL: `postgres://demo@127.0.0.1:${port}/demo` },
    new RegExp(`^PostgreSQL at 127\\.0\\.0\\.1:${port} cannot be used .*Check DATABASE_URL`),
  );
});

test("a password that is wrong, missing or empty", async () => {
  const line = /^The server refused the login (?!.*wrong).*Check user and password.*careful@/;
  const users = ["careful:wrong", "careful", "careful:"];
  await Promise.all(users.map((user) => expectRefusal({ DATABASE_URL: as(user, server.url()) }, line)));
});

test("a user that does not exist", async () => {
  await expectRefusal({ DATABASE_URL: as("nobody", server.url()) }, /^The server refused the login .*"nobody"/);
});

test("a database that does not exist", async () => {
  await expectRefusal({ DATABASE_URL: server.url("missing") }, /^The server has no database missing\. Make it/);
});

test("a user who may not make tables, but may use those that are there", async () => {
  const url = await newDatabase("guarded");
  await query(url, "revoke create on schema public from public");
  const guest = { DATABASE_URL: as("guest", url) };
  await expectRefusal(guest, /^The user guest lacks a right .*grant create on schema public to "guest"/);
  await stopped(await started({ DATABASE_URL: url }));
  await query(url, "grant select, insert, update, delete on all tables in schema public to guest");
  await stopped(await started(guest));
});

test("a server that may only be read, before and after the primary has been filled", async () => {
  const url = await newDatabase("read_only");
  const replica = await startReplica(server);
  try {
    const environment = { DATABASE_URL: replica.url("read_only") };
    await expectRefusal(environment, /^The database .* may only be read: .*primary/);
    await stopped(await started({ DATABASE_URL: url }));
    const [written] = await query(url, "select pg_current_wal_lsn()::text as lsn");
    const arrived = `select pg_last_wal_replay_lsn() >= '${written?.["lsn"]}' as arrived`;
    await expect.poll(() => query(replica.url(), arrived)).toEqual([{ arrived: true }]);
    await expectRefusal(environment, /^The database .* may only be read: .*primary/);
  } finally {
    await replica.remove();
  }
});

test("a database of another application", async () => {
  const url = await newDatabase("foreign_tables");
  await query(url, "create table project (title text)");
  await expectRefusal({ DATABASE_URL: url }, /^The database .* is not one of this demo .*createdb/);
  // Nothing of the demo's is left in it.
  expect(await query(url, "select to_regclass('demo_setting') as made")).toEqual([{ made: null }]);
});

test("a database that a newer version has migrated", async () => {
  const url = await newDatabase("newer");
  await stopped(await started({ DATABASE_URL: url }));
  await query(url, "insert into entitlements_migration (version, name, applied_at) values (99, 'later', now())");
  await expectRefusal({ DATABASE_URL: url }, /^The database .* cannot be used: .*version 99.*newer/);
});
