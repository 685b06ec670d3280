import { createEntitlements, rows } from "@x/entitlements-core";
import { isLockTimeoutError } from "@x/entitlements-core/errors";
import { type Generated, Kysely, SqliteDialect, sql } from "kysely";
import Libsql from "libsql";
import { expect, onTestFinished, test } from "vitest";
import { sqliteAdapter } from "../adapter.ts";
import { createScratch } from "../fixtures/scratch.ts";
import { fromKysely, queuedDialect } from "./kysely.ts";

interface Tables {
  item: { id: Generated<number>; org_id: string };
}

const item = { orgId: "acme", resourceType: "quota:item" } as const;

/** The SDK, and a Kysely instance of the host's own on the same file: with its writes in line, or as it comes. */
async function createApp({ queued = true } = {}) {
  const { file } = createScratch("create table item (id integer primary key, org_id text not null unique)");
  const dialect = () => {
    const database = new Libsql(file, { timeout: 100 });
    database.exec("pragma foreign_keys = on");
    return new SqliteDialect({ database });
  };
  const adapter = sqliteAdapter(fromKysely(() => new Kysely<Tables>({ dialect: dialect() })));
  const host = new Kysely<Tables>({ dialect: queued ? queuedDialect(dialect(), adapter) : dialect() });
  const entitlements = createEntitlements({
    adapter,
    resources: { "quota:item": rows({ label: "Items", table: "item", orgColumn: "org_id" }) },
  });
  await entitlements.migrate();
  onTestFinished(async () => {
    await host.destroy();
    await adapter.close();
  });
  const names = async () =>
    (await host.selectFrom("item").select("org_id").orderBy("id").execute()).map((row) => row.org_id);
  const insert = (db: Kysely<Tables>, name: string) => db.insertInto("item").values({ org_id: name }).execute();
  return { host, adapter, entitlements, names, insert };
}

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 20));

/** An enforcement that holds the file's lock over turns of the event loop. */
async function beside({
  entitlements,
  host,
  insert,
}: Awaited<ReturnType<typeof createApp>>): Promise<readonly unknown[]> {
  const slow = entitlements.enforce(item, async (tx) => {
    await pause();
    await insert(tx, "acme");
    await pause();
  });
  const writes = Array.from({ length: 20 }, async (_, index) => {
    await new Promise((resolve) => setTimeout(resolve, index));
    await insert(host, `host ${index}`);
  });
  const results = await Promise.allSettled([slow, ...writes]);
  return results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
}

// Without the line each write beside the enforcement blocks the event loop until its time-out and fails as busy.
test("writes of the host's wait for the SDK's, and none fails as busy", async () => {
  const app = await createApp();
  expect(await beside(app)).toEqual([]);
  expect(await app.names()).toHaveLength(21);
  expect(await beside(await createApp({ queued: false }))).not.toEqual([]);
});

test("a transaction of the host's commits as one, with its savepoints, and reads what it wrote", async () => {
  const { host, names, insert } = await createApp();
  await host.transaction().execute(async (tx) => {
    await insert(tx, "one");
    expect(await tx.selectFrom("item").selectAll().execute()).toHaveLength(1);
    expect(await names()).toEqual([]);
  });
  const tx = await host.startTransaction().execute();
  await insert(tx, "two");
  const saved = await tx.savepoint("before").execute();
  await insert(saved, "three");
  await (await saved.rollbackToSavepoint("before").execute()).releaseSavepoint("before").execute();
  const { insertId, numInsertedOrUpdatedRows } = await tx
    .insertInto("item")
    .values({ org_id: "four" })
    .executeTakeFirstOrThrow();
  expect([insertId, numInsertedOrUpdatedRows]).toEqual([3n, 1n]);
  await tx.commit().execute();
  expect(await names()).toEqual(["one", "two", "four"]);
});

test("a transaction that fails or is rolled back leaves nothing, with the error as it was", async () => {
  const { host, names, insert } = await createApp();
  const error = new Error("no");
  const failing = host.transaction().execute(async (tx) => {
    await insert(tx, "one");
    throw error;
  });
  await expect(failing).rejects.toBe(error);
  const twice = host.transaction().execute(async (tx) => {
    await insert(tx, "two");
    await insert(tx, "two");
  });
  await expect(twice).rejects.toMatchObject({ code: "SQLITE_CONSTRAINT_UNIQUE" });
  await insert(host, "three");
  await expect(insert(host, "three")).rejects.toMatchObject({ code: "SQLITE_CONSTRAINT_UNIQUE" });
  expect(await names()).toEqual(["three"]);
});

// Without the mark the error is lost in Kysely's rollback, and the late statement commits by itself.
test("a COMMIT that fails is told as it was, and nothing more is written on that transaction", async () => {
  const { host, names, insert } = await createApp();
  await sql`create table part (item_id integer references item (id) deferrable initially deferred)`.execute(host);
  const orphan = sql`insert into part (item_id) values (4711)`;
  const foreign = { code: "SQLITE_CONSTRAINT_FOREIGNKEY" };
  const failing = host.transaction().execute(async (tx) => {
    await insert(tx, "one");
    await orphan.execute(tx);
  });
  await expect(failing).rejects.toMatchObject(foreign);

  const tx = await host.startTransaction().execute();
  await insert(tx, "two");
  await orphan.execute(tx);
  await expect(tx.commit().execute()).rejects.toMatchObject(foreign);
  await expect(insert(tx, "late")).rejects.toThrow("This transaction has ended.");
  await tx.rollback().execute();
  await host.connection().execute(async (one) => {
    await expect(one.transaction().execute((inner) => orphan.execute(inner))).rejects.toMatchObject(foreign);
    await insert(one, "after");
  });
  expect(await names()).toEqual(["after"]);
});

test("raw statements are told apart: pragmas and selects read, everything else writes", async () => {
  const { host, names } = await createApp();
  await sql`pragma foreign_keys = on`.execute(host);
  expect((await sql<{ foreign_keys: number }>`pragma foreign_keys`.execute(host)).rows).toEqual([{ foreign_keys: 1 }]);
  await sql`with new as (select 'one' as name) insert into item (org_id) select name from new`.execute(host);
  const streamed: string[] = [];
  for await (const row of host.selectFrom("item").select("org_id").stream()) streamed.push(row.org_id);
  expect([await names(), streamed]).toEqual([["one"], ["one"]]);
});

test("a write whose turn does not come is told so, and so is a transaction that never began", async () => {
  const { host, adapter, insert } = await createApp();
  let over = () => {};
  const holding = adapter.transaction(
    () =>
      new Promise<void>((resolve) => {
        over = resolve;
      }),
  );
  const write = insert(host, "late");
  const begun = host.startTransaction().execute();
  const told = await Promise.allSettled([write, begun]);
  expect(told.map((one) => one.status === "rejected" && isLockTimeoutError(one.reason))).toEqual([true, true]);
  over();
  await holding;
}, 15_000);
