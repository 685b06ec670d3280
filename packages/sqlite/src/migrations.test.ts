import { createEntitlements } from "@x/entitlements-core";
import Database from "libsql";
import { afterEach, describe, expect, it } from "vitest";
import { endProcesses, startProcesses } from "./fixtures/processes.ts";
import {
  type Connection,
  createApp,
  createScratch,
  insertProject,
  numberOf,
  project,
  resources,
} from "./fixtures/scratch.ts";
import { migrations } from "./index.ts";

afterEach(endProcesses);

function tables(connection: Connection): unknown {
  return connection
    .prepare("select type, name, sql from sqlite_schema where name like '%entitlement%' order by name")
    .all();
}

describe("migrate()", () => {
  it("run again changes nothing", async () => {
    const { host, adapter } = createScratch();
    const sqlite = adapter();
    await sqlite.migrate();
    const before = [tables(host), host.prepare("select * from entitlements_migration").all()];
    await sqlite.migrate();
    await adapter().migrate();
    expect([tables(host), host.prepare("select * from entitlements_migration").all()]).toEqual(before);
  });

  // Fails with BEGIN instead of BEGIN IMMEDIATE: two find nothing, and the second fails to make what the first has made.
  it("run by four processes at once on a fresh file makes the tables once", async () => {
    for (let round = 0; round < 3; round++) {
      const { file, open } = createScratch("");
      const processes = await startProcesses(4, file);
      await Promise.all(processes.map((process) => process.ask("migrate")));
      const host = open();
      expect(numberOf(host, "select count(*) from entitlements_migration")).toBe(migrations().length);
      expect(numberOf(host, "select count(*) from org_entitlement")).toBe(0);
      endProcesses();
    }
  });

  it("run by several adapters of one process at once makes the tables once", async () => {
    const { host, adapter } = createScratch("");
    await Promise.all(Array.from({ length: 8 }, () => adapter().migrate()));
    expect(numberOf(host, "select count(*) from entitlements_migration")).toBe(migrations().length);
  });

  it("leaves the host's tables and rows alone", async () => {
    const { host, adapter } = createScratch();
    insertProject(host);
    const before = host.prepare("select sql from sqlite_schema").all() as unknown[];
    await adapter().migrate();
    expect(host.prepare("select sql from sqlite_schema").all()).toEqual(expect.arrayContaining(before));
    expect(numberOf(host, "select count(*) from project")).toBe(1);
  });

  it("leaves nothing behind where it fails half-way", async () => {
    const { file, open, adapter } = createScratch("");
    const failing = (): Connection => {
      const connection = new Database(file);
      const exec = connection.exec.bind(connection);
      connection.exec = (sql) => {
        if (sql.includes("insert into")) throw Object.assign(new Error("no space left"), { code: "SQLITE_FULL" });
        return exec(sql);
      };
      return connection;
    };
    await expect(adapter({}, failing).migrate()).rejects.toMatchObject({
      code: "ENTITLEMENT_STORAGE",
      outcome: "rolled-back",
    });
    expect(tables(open())).toEqual([]);
    await adapter().migrate();
    expect(tables(open())).not.toEqual([]);
  });

  it("says how to name our tables where the host has one of that name", async () => {
    const { host, adapter } = createScratch('create table "Org_Entitlement" (somebody_elses text)');
    const taken = adapter().migrate();
    await expect(taken).rejects.toMatchObject({ code: "ENTITLEMENT_CONFIGURATION" });
    await expect(taken).rejects.toThrow(/"Org_Entitlement" already.*tablePrefix/);
    await adapter({ tablePrefix: "billing_" }).migrate();
    expect(numberOf(host, 'select count(*) from "Org_Entitlement"')).toBe(0);
  });

  it.each(["org_reservation", "org_idempotency"])("says so of %s too, and makes nothing", async (name) => {
    const { host, adapter } = createScratch(`create table ${name} (somebody_elses text)`);
    await expect(adapter().migrate()).rejects.toThrow(new RegExp(`"${name}" already.*tablePrefix`));
    expect(numberOf(host, "select count(*) from sqlite_schema where name = 'org_entitlement'")).toBe(0);
  });

  // Fails when the version is looked at on first use only: what a newer version counts would not be counted here.
  it("by a newer version of the package ends the work of this one at once, also in the middle", async () => {
    const { host, entitlements } = await createApp();
    await entitlements.enforce(project, (tx) => insertProject(tx));
    host.exec("insert into entitlements_migration (version, name, applied_at) values (1000, 'later', '')");
    for (const call of [
      () => entitlements.enforce(project, () => expect.fail("the function must not run")),
      () => entitlements.check(project),
      () => entitlements.setLimit({ ...project, limit: 1 }),
      () => entitlements.overLimit(),
    ]) {
      await expect(call()).rejects.toThrow(/version 1000.*Update the package/);
    }
  });
});

describe("migrations() for a migration tool of one's own", () => {
  it.each(["", "billing_"])("makes exactly what migrate() makes, with the prefix %j", async (tablePrefix) => {
    const ours = createScratch();
    await ours.adapter({ tablePrefix }).migrate();
    const { host, open, adapter } = createScratch();
    for (const { statements } of migrations({ tablePrefix })) for (const one of statements) host.exec(one);
    expect(tables(open())).toEqual(tables(ours.open()));
    const record = `select version, name, length(applied_at) as length from "${tablePrefix}entitlements_migration"`;
    expect(host.prepare(record).all()).toEqual(ours.host.prepare(record).all());
    // The adapter takes them for its own.
    const entitlements = createEntitlements({ adapter: adapter({ tablePrefix }), resources });
    await entitlements.setLimit({ ...project, limit: 1 });
    await entitlements.migrate();
  });

  it("is numbered without a gap", () => {
    expect(migrations().map(({ version }) => version)).toEqual(migrations().map((_, index) => index + 1));
    expect(migrations()[0]).toMatchObject({ version: 1, name: "org_entitlement" });
  });
});

describe("a database that this version does not know", () => {
  it("is refused on first use where nothing was migrated, saying what to do", async () => {
    const { host, adapter } = createScratch();
    const entitlements = createEntitlements({ adapter: adapter(), resources });
    host.exec("pragma journal_mode = wal");
    for (const call of [
      () => entitlements.enforce(project, (tx) => insertProject(tx)),
      () => entitlements.check(project),
      () => entitlements.setLimit({ ...project, limit: 1 }),
      () => entitlements.overLimit(),
    ]) {
      const failed = call();
      await expect(failed).rejects.toMatchObject({ code: "ENTITLEMENT_CONFIGURATION" });
      await expect(failed).rejects.toThrow(/do not exist yet.*migrate\(\)/);
    }
    host.exec("begin immediate");
    const joined = entitlements.enforce({ ...project, tx: host }, (tx) => insertProject(tx));
    await expect(joined).rejects.toThrow(/do not exist yet.*migrate\(\)/);
    host.exec("commit");
    expect(numberOf(host, "select count(*) from project")).toBe(0);
  });

  it("is refused where a newer version has migrated it, by migrate() and on first use", async () => {
    const { host, adapter } = await createApp();
    host.exec("insert into entitlements_migration values (99, 'from_the_future', '')");
    const entitlements = createEntitlements({ adapter: adapter(), resources });
    for (const call of [
      () => entitlements.migrate(),
      () => entitlements.enforce(project, (tx) => insertProject(tx)),
      () => entitlements.usage({ orgId: "acme" }),
    ]) {
      const failed = call();
      await expect(failed).rejects.toMatchObject({ code: "ENTITLEMENT_CONFIGURATION" });
      await expect(failed).rejects.toThrow(/version 99.*newer.*Update the package/s);
    }
    expect(numberOf(host, "select count(*) from project")).toBe(0);
    expect(await entitlements.doctor()).toMatchObject([{ severity: "error", fix: null }]);
  });
});
