import { type Client, createClient } from "@libsql/client";
import { createEntitlements, rows } from "@x/entitlements-core";
import { testAdapter } from "@x/entitlements-core/testing";
import type Database from "better-sqlite3";
import { count, eq, sql } from "drizzle-orm";
import type { BetterSQLite3Database } from "drizzle-orm/better-sqlite3";
import { drizzle as drizzleOnLibsql, type LibSQLDatabase } from "drizzle-orm/libsql";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { describe, expect, it, onTestFinished } from "vitest";
import { sqliteAdapter } from "../adapter.ts";
import { withBetterSqlite3 } from "../fixtures/better-sqlite3.ts";
import { createFile, type Driver, manually, underTest } from "../fixtures/host.ts";
import { testMisuse } from "../fixtures/misuse.ts";
import { fromDrizzle } from "./drizzle.ts";

const item = sqliteTable("item", { id: integer().primaryKey(), orgId: text("org_id").notNull() });
const claim = { orgId: "acme", resourceType: "quota:item" } as const;
const resources = { "quota:item": rows({ label: "Items", table: "item", orgColumn: "org_id" }) };

type OnLibsql = LibSQLDatabase & { $client: Client };
type LibsqlTx = Parameters<Parameters<OnLibsql["transaction"]>[0]>[0];

describe("on @libsql/client", () => {
  const driver: Driver<LibsqlTx, OnLibsql> = {
    from: fromDrizzle,
    open: (file) => drizzleOnLibsql(createClient({ url: `file:${file}` })),
    close: (db) => db.$client.close(),
    transaction: (db, work) => db.transaction(work),
    insert: (tx, orgId) => tx.insert(item).values({ orgId }),
    count: async (tx, orgId) => (await tx.select({ n: count() }).from(item).where(eq(item.orgId, orgId)))[0]?.n ?? 0,
    run: (tx, statement) => tx.run(statement),
  };

  testAdapter(underTest(driver));
  testMisuse(driver);

  it("a remote client is refused, and an instance is no transaction", async () => {
    const remote = () => drizzleOnLibsql(createClient({ url: "libsql://example.turso.io" }));
    await expect(sqliteAdapter(fromDrizzle(remote)).migrate()).rejects.toThrow(/remote one/);
    const { file, remove } = createFile();
    const db = driver.open(file);
    const adapter = sqliteAdapter(fromDrizzle(() => driver.open(file)));
    onTestFinished(async () => {
      db.$client.close();
      await adapter.close();
      remove();
    });
    const entitlements = createEntitlements({ adapter, resources });
    await entitlements.migrate();
    // @ts-expect-error: each statement of an instance may have another connection
    await expect(entitlements.consume({ ...claim, tx: db })).rejects.toThrow(/no Drizzle transaction/);
  });

  it("`tx` is Drizzle's own transaction: it may nest, and its relational queries see its writes", async () => {
    const { file, remove } = createFile();
    const connect = () => drizzleOnLibsql(createClient({ url: `file:${file}` }), { schema: { item } });
    const adapter = sqliteAdapter(fromDrizzle(connect));
    onTestFinished(async () => {
      await adapter.close();
      remove();
    });
    const entitlements = createEntitlements({ adapter, resources });
    await entitlements.migrate();
    const found = await entitlements.enforce(claim, async (tx) => {
      await tx.transaction((inner) => inner.insert(item).values({ orgId: "acme" }));
      await expect(tx.transaction(async (inner) => inner.rollback())).rejects.toThrow("Rollback");
      return tx.query.item.findMany();
    });
    expect(found).toMatchObject([{ orgId: "acme" }]);
  });
});

type OnBetterSqlite3 = BetterSQLite3Database & { $client: Database.Database };

const onBetterSqlite3 = await import("drizzle-orm/better-sqlite3").catch(() => undefined);

withBetterSqlite3((BetterSqlite3) => {
  if (onBetterSqlite3 === undefined) throw new Error("drizzle-orm/better-sqlite3 does not load.");
  const driver: Driver<OnBetterSqlite3> = {
    from: fromDrizzle,
    open: (file) => onBetterSqlite3.drizzle(new BetterSqlite3(file, { timeout: 0 })),
    close: (db) => db.$client.close(),
    transaction: (db, work) =>
      manually(
        (statement) => db.run(sql.raw(statement)),
        () => work(db),
      ),
    insert: (tx, orgId) => tx.insert(item).values({ orgId }).run(),
    count: (tx, orgId) => tx.select({ n: count() }).from(item).where(eq(item.orgId, orgId)).get()?.n ?? 0,
    run: (tx, statement) => tx.run(statement),
  };

  testAdapter(underTest(driver));
  testMisuse(driver);

  it("refuses new instances on a Database that is kept, and Drizzle's synchronous db.transaction(async)", async () => {
    const { file, remove } = createFile();
    const db = driver.open(file);
    const adapter = sqliteAdapter(fromDrizzle(() => driver.open(file)));
    onTestFinished(async () => {
      db.$client.close();
      await adapter.close();
      remove();
    });
    const again = sqliteAdapter(fromDrizzle(() => onBetterSqlite3.drizzle(db.$client)));
    await expect(again.migrate()).rejects.toThrow(/same connection twice/);
    const entitlements = createEntitlements({ adapter, resources });
    await entitlements.migrate();
    for (const behavior of ["deferred", "immediate"] as const) {
      const inside: Promise<unknown>[] = [];
      const transaction = () =>
        db.transaction(
          (tx) => {
            // @ts-expect-error: it is over before an async function is done
            inside.push(entitlements.enforce({ ...claim, tx }, () => expect.fail("must not run")));
            inside.push(entitlements.enforce({ ...claim, tx: db }, () => expect.fail("must not run")));
            for (const refused of inside) refused.catch(() => {});
            return Promise.resolve();
          },
          { behavior },
        );
      expect(transaction).toThrow("cannot return a promise");
      for (const refused of inside) {
        await expect(refused).rejects.toMatchObject({ code: "ENTITLEMENT_CONFIGURATION" });
        await expect(refused).rejects.toThrow(/synchronous transaction\(fn\)/);
      }
    }
  });
});
