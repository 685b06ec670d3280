import { createEntitlements, rows } from "@x/entitlements-core";
import { conformance, runCase, testAdapter } from "@x/entitlements-core/testing";
import { CamelCasePlugin, type Generated, Kysely, type SqliteDatabase, SqliteDialect, sql } from "kysely";
import Libsql from "libsql";
import { describe, expect, it, onTestFinished } from "vitest";
import { sqliteAdapter } from "../adapter.ts";
import { withBetterSqlite3 } from "../fixtures/better-sqlite3.ts";
import { createFile, type Driver, manually, underTest } from "../fixtures/host.ts";
import { testMisuse } from "../fixtures/misuse.ts";
import { fromKysely } from "./kysely.ts";

interface Tables {
  item: { id: Generated<number>; org_id: string };
}
type Db = Kysely<Tables>;
type Open = (file: string) => SqliteDatabase;

const item = { orgId: "acme", resourceType: "quota:item" } as const;

function driverOn(open: Open, transaction: Driver<Db>["transaction"]): Driver<Db> {
  return {
    from: fromKysely,
    open: (file) => new Kysely<Tables>({ dialect: new SqliteDialect({ database: open(file) }) }),
    close: (db) => db.destroy(),
    transaction,
    insert: (tx, orgId) => tx.insertInto("item").values({ org_id: orgId }).execute(),
    async count(tx, orgId) {
      const counted = tx.selectFrom("item").select(({ fn }) => fn.countAll().as("n"));
      return Number((await counted.where("org_id", "=", orgId).executeTakeFirstOrThrow()).n);
    },
    run: (tx, text) => sql.raw(text).execute(tx),
  };
}

/** BEGIN IMMEDIATE on the instance's one connection, which nobody else gets meanwhile. */
const immediate: Driver<Db>["transaction"] = (db, work) =>
  db.connection().execute((tx) =>
    manually(
      (text) => sql.raw(text).execute(tx),
      () => work(tx),
    ),
  );

/** Kysely's own, which begins deferred. */
const own: Driver<Db>["transaction"] = (db, work) => db.transaction().execute(work);

describe("on libsql", () => testKysely((file) => new Libsql(file), { waits: false }));
// The driver's own waiting would block the event loop that the holder of the lock needs.
withBetterSqlite3((BetterSqlite3) => testKysely((file) => new BetterSqlite3(file, { timeout: 0 }), { waits: true }));

function testKysely(open: Open, { waits }: { waits: boolean }): void {
  const driver = driverOn(open, immediate);
  testAdapter(underTest(driver));
  describe("joined to a transaction of Kysely's own", () => {
    for (const one of conformance["joining"] ?? [])
      it(one.name, () => runCase(underTest(driverOn(open, own)), "rows", one));
  });
  testMisuse(driver);

  async function createApp(config: { plugins?: CamelCasePlugin[]; log?: (event: { level: string }) => void } = {}) {
    const { file, count, remove } = createFile();
    const connect = () => new Kysely<Tables>({ dialect: new SqliteDialect({ database: open(file) }), ...config });
    const adapter = sqliteAdapter(fromKysely(connect));
    const host = connect();
    onTestFinished(async () => {
      await adapter.close();
      await host.destroy();
      remove();
    });
    const resources = { "quota:item": rows({ label: "Items", table: "item", orgColumn: "org_id" }) };
    const entitlements = createEntitlements({ adapter, resources });
    await entitlements.migrate();
    return { file, count, host, adapter, resources, entitlements };
  }

  // Kysely lets one query in at a time: whatever ends the transaction waits for the function that keeps the connection.
  it("a function that keeps the only connection to itself is told so in time, and the next one when it lets go", async () => {
    const { host, adapter, resources } = await createApp();
    const impatient = createEntitlements({
      adapter,
      resources,
      transactionTimeoutMs: 100,
      lockTimeoutMs: 5_000,
    });
    let letGo = (): void => {};
    const kept = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const stuck = impatient.enforce(item, (tx) => tx.connection().execute(() => kept));
    await expect(stuck).rejects.toMatchObject({ code: "ENTITLEMENT_LOCK_TIMEOUT", phase: "hold" });
    const next = impatient.enforce(item, (tx) => driver.insert(tx, "acme"));
    letGo();
    await next;
    await host.selectFrom("item").selectAll().execute();
  });

  it("a caller's instance whose connection its own transaction keeps is not waited for without end", async () => {
    const { host, adapter, resources } = await createApp();
    const hasty = createEntitlements({
      adapter,
      resources,
      lockTimeoutMs: 100,
    });
    await host.transaction().execute(async () => {
      for (const call of [() => hasty.consume({ ...item, tx: host }), () => hasty.check({ ...item, tx: host })])
        await expect(call()).rejects.toMatchObject({ code: "ENTITLEMENT_LOCK_TIMEOUT", phase: "wait" });
    });
  });

  it("refuses new instances on a Database that is kept", async () => {
    const { file } = await createApp();
    const database = open(file);
    onTestFinished(() => database.close());
    const connect = () => new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
    await expect(sqliteAdapter(fromKysely(connect)).migrate()).rejects.toThrow(/same connection twice/);
    expect(database.prepare("select count(*) as n from item").all([])).toMatchObject([{ n: 0 }]);
  });

  it("a controlled transaction can be joined, and goes on after a refusal", async () => {
    const { count, host, entitlements } = await createApp();
    await entitlements.setLimit({ ...item, limit: 1 });
    const tx = await host.startTransaction().execute();
    await entitlements.enforce({ ...item, tx }, (inner) => driver.insert(inner, "acme"));
    await expect(entitlements.consume({ ...item, tx })).rejects.toMatchObject({ code: "ENTITLEMENT_LIMIT_REACHED" });
    await driver.insert(tx, "other");
    await tx.commit().execute();
    expect([count("acme"), count("other")]).toEqual([1, 1]);
    await expect(entitlements.consume({ ...item, tx })).rejects.toMatchObject({ code: "ENTITLEMENT_CONFIGURATION" });
  });

  const late = waits ? "waits for the lock" : "is a conflict where somebody has the lock: libsql cannot try again";
  it(`a transaction begun deferred ${late}; one whose view is outdated is a conflict`, async () => {
    const { file, count, host, entitlements } = await createApp();
    const other = open(file);
    onTestFinished(() => other.close());
    const write = (text: string): unknown => other.prepare(text).run([]);
    write("begin immediate");
    write("insert into item (org_id) values ('acme')");
    const waiting = host.transaction().execute((tx) => {
      if (waits) setTimeout(() => write("commit"), 60);
      return entitlements.enforce({ ...item, tx }, (inner) => driver.count(inner, "acme"));
    });
    if (waits) expect(await waiting).toBe(1);
    else {
      await expect(waiting).rejects.toMatchObject({ code: "ENTITLEMENT_TRANSACTION_CONFLICT" });
      await expect(waiting).rejects.toThrow(/cannot try again.*BEGIN IMMEDIATE/);
      write("commit");
    }
    // At once, on the same connection. Fails where nobody waits until the statement that was refused is collected.
    const outdated = host.transaction().execute(async (tx) => {
      await driver.count(tx, "acme");
      write("insert into item (org_id) values ('acme')");
      await entitlements.enforce({ ...item, tx }, () => expect.fail("must not run"));
    });
    await expect(outdated).rejects.toMatchObject({ code: "ENTITLEMENT_TRANSACTION_CONFLICT" });
    expect(count("acme")).toBe(2);
  });

  it("the host's plugins change nothing of what the SDK reads, and in the SDK's transactions no error is logged", async () => {
    const logged: string[] = [];
    const plugins = [new CamelCasePlugin()];
    const { entitlements } = await createApp({ plugins, log: ({ level }) => logged.push(level) });
    await entitlements.setLimit({ ...item, limit: 1 });
    // Tables' columns are camelCased by the plugin.
    await entitlements.enforce(item, (tx) => driver.run(tx, "insert into item (org_id) values ('acme')"));
    await expect(entitlements.consume(item)).rejects.toMatchObject({ current: 1, limit: 1 });
    expect(logged).toContain("query");
    expect(logged).not.toContain("error");
  });
}
