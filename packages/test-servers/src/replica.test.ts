import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { installedPostgres } from "./binaries.ts";
import { startFor } from "./fixtures/started.ts";
import { startReplica } from "./replica.ts";
import { startPostgres } from "./server.ts";

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const caughtUp = { timeout: 10_000, interval: 20 };

test("what the primary commits arrives at the replica, which takes no writes", async () => {
  const primary = await startFor(startPostgres());
  await query(primary.url(), "create table note (text text)");
  await query(primary.url(), "insert into note values ('before the copy')");
  const replica = await startFor(startReplica(primary));
  await query(primary.url(), "insert into note values ('streamed')");

  const notes = () => query(replica.url(), "select text from note");
  await expect.poll(notes, caughtUp).toEqual([{ text: "before the copy" }, { text: "streamed" }]);
  await expect(query(replica.url(), "insert into note values ('here')")).rejects.toMatchObject({ code: "25006" });

  await replica.stop("immediate");
  await query(primary.url(), "insert into note values ('while it was away')");
  await replica.start();
  await expect.poll(async () => (await notes()).length, caughtUp).toBe(3);
});

test("every PostgreSQL that is installed here streams too", async () => {
  for (const { bin } of installedPostgres()) {
    const primary = await startFor(startPostgres({ bin }));
    const replica = await startFor(startReplica(primary));
    await query(primary.url(), "create table note (text text)");
    const tables = () => query(replica.url(), "select from pg_tables where tablename = 'note'");
    await expect.poll(tables, caughtUp).toHaveLength(1);
  }
});

test("a client that stays connected to the primary is not disturbed by the copy", async () => {
  const primary = await startFor(startPostgres());
  const client = new pg.Client(primary.url());
  await client.connect();
  onTestFinished(() => client.end());
  await client.query("begin");
  await client.query("create table note ()");
  const replica = await startFor(startReplica(primary));
  await client.query("commit");
  const tables = () => query(replica.url(), "select from pg_tables where tablename = 'note'");
  await expect.poll(tables, caughtUp).toHaveLength(1);
});
