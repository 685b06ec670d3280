import { createEntitlements, rows } from "@x/entitlements-core";
import { conformance, runCase, testAdapter } from "@x/entitlements-core/testing";
import type Database from "better-sqlite3";
import { expect, it, onTestFinished } from "vitest";
import { sqliteAdapter } from "../adapter.ts";
import { withBetterSqlite3 } from "../fixtures/better-sqlite3.ts";
import { createFile, type Driver, manually, underTest } from "../fixtures/host.ts";
import { testMisuse } from "../fixtures/misuse.ts";
import { deferred } from "../fixtures/mutants.ts";
import { fromBetterSqlite3 } from "./better-sqlite3.ts";

const item = { orgId: "acme", resourceType: "quota:item" } as const;

withBetterSqlite3((BetterSqlite3) => {
  const driver: Driver<Database.Database> = {
    from: fromBetterSqlite3,
    // The driver's own waiting would block the event loop that the holder of the lock needs.
    open: (file) => new BetterSqlite3(file, { timeout: 0 }),
    close: (database) => database.close(),
    transaction: (database, work) =>
      manually(
        (sql) => database.exec(sql),
        () => work(database),
      ),
    insert: (tx, orgId) => tx.prepare("insert into item (org_id) values (?)").run(orgId),
    count: (tx, orgId) => Number(tx.prepare("select count(*) from item where org_id = ?").pluck().get(orgId)),
    run: (tx, sql) => tx.exec(sql),
  };

  testAdapter(underTest(driver));
  testMisuse(driver);

  function createApp(open: (file: string) => Database.Database = driver.open) {
    const { file, count, remove } = createFile();
    const adapter = sqliteAdapter(fromBetterSqlite3(() => open(file)));
    const host = driver.open(file);
    onTestFinished(async () => {
      await adapter.close();
      host.close();
      remove();
    });
    const resources = { "quota:item": rows({ label: "Items", table: "item", orgColumn: "org_id" }) };
    return { count, host, entitlements: createEntitlements({ adapter, resources }) };
  }

  it("with BEGIN instead of BEGIN IMMEDIATE it fails the suite", async () => {
    const race = conformance["locking"]?.find(({ name }) => name === "L1: the last unit is wanted by 20: one gets it");
    if (race === undefined) throw new Error("The case is gone.");
    await expect(runCase(underTest(driver, deferred), "rows", race)).rejects.toThrow();
  });

  it("the driver's synchronous db.transaction(async) is refused before the function runs", async () => {
    const { count, host, entitlements } = createApp();
    await entitlements.migrate();
    for (const kind of ["deferred", "immediate"] as const) {
      const inside: Promise<unknown>[] = [];
      const transaction = host.transaction(() => {
        const joined = entitlements.enforce({ ...item, tx: host }, () => expect.fail("must not run"));
        inside.push(joined);
        return joined;
      });
      expect(() => transaction[kind]()).toThrow("cannot return a promise");
      await expect(inside[0]).rejects.toMatchObject({ code: "ENTITLEMENT_CONFIGURATION" });
      await expect(inside[0]).rejects.toThrow(/synchronous transaction\(fn\).*BEGIN IMMEDIATE/);
    }
    expect([host.inTransaction, count("acme")]).toEqual([false, 0]);
  });

  // Fails when a driver that is busy with an iterator is asked as usual: it refuses COMMIT and ROLLBACK, and the lock stays.
  it("a read left half-way does not keep the lock, and no later function meets it", async () => {
    const { count, host, entitlements } = createApp();
    await entitlements.migrate();
    host.exec("insert into item (org_id) values ('other'), ('other'), ('other')");
    const left: unknown[] = [];
    for (const end of ["returns", "throws", "returns"]) {
      const enforced = entitlements.enforce(item, (tx) => {
        driver.insert(tx, "acme");
        const rows = tx.prepare("select * from item").iterate();
        rows.next();
        left.push(rows);
        if (end === "throws") throw new Error("no");
      });
      if (end === "throws") await expect(enforced).rejects.toThrow("no");
      else await enforced;
      host.exec("insert into item (org_id) values ('other')");
    }
    expect([count("acme"), count("other"), left.length]).toEqual([2, 6, 3]);
  });

  it("safe integers that the factory turned on stay on, and are understood", async () => {
    const { entitlements } = createApp((file) => driver.open(file).defaultSafeIntegers());
    await entitlements.migrate();
    await entitlements.setLimit({ ...item, limit: 2 });
    const id = await entitlements.enforce(item, (tx) => {
      driver.insert(tx, "acme");
      return tx.prepare("select max(id) from item").pluck().get();
    });
    expect(id).toBe(1n);
    expect(await entitlements.check(item)).toMatchObject({ current: 1, limit: 2 });
  });
});
