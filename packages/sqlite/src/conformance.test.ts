import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { counted, rows } from "@x/entitlements-core";
import { type AdapterUnderTest, conformance, type Harness, runCase, testAdapter } from "@x/entitlements-core/testing";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import type { SqliteBridge, SqliteConnection } from "./bridge.ts";
import { fromLibsql } from "./bridges/libsql.ts";
import { sqliteAdapter } from "./index.ts";

type Bridge = SqliteBridge<Database.Database>;
type Connection = SqliteConnection<Database.Database>;

function count(tx: Database.Database, orgId: string, table = "item"): number {
  return Number(Object.values(tx.prepare(`select count(*) from ${table} where org_id = ?`).get(orgId) ?? {})[0]);
}

const people = rows({
  label: "People",
  table: "member",
  orgColumn: "org_id",
  key: "'member:' || name",
  also: [{ table: "invitation", orgColumn: "org_id", key: "'invitation:' || name", pending: true }],
});

const kinds = {
  rows: rows({ label: "Items", table: "item", orgColumn: "org_id" }),
  counted: counted({ label: "Items", count: (tx: Database.Database, orgId) => count(tx, orgId) }),
};

/** Waits for the lock as a host would that must not block the event loop its holder needs. */
async function beginning(connection: Database.Database): Promise<void> {
  for (;;) {
    try {
      connection.exec("begin immediate");
      return;
    } catch (error) {
      if (Object(error)["code"] !== "SQLITE_BUSY") throw error;
      await new Promise((resume) => setTimeout(resume, 1 + Math.random() * 3));
    }
  }
}

/** A fresh file with one table of the host's; `mutate` may take something out of the adapter's connections. */
function harness(mutate: (bridge: Bridge) => Bridge = (bridge) => bridge): Harness<Database.Database> {
  const folder = mkdtempSync(join(tmpdir(), "entitlements-"));
  const file = join(folder, "app.db");
  let opened = 0;
  const open = (): Database.Database => {
    opened += 1;
    return new Database(file);
  };
  const host = new Database(file);
  host.exec(
    `create table item (id integer primary key, org_id text not null) strict; create index item_org on item (org_id);
    create table member (org_id text not null, name text not null) strict; create index member_org on member (org_id);
    create table invitation (org_id text not null, name text not null) strict; create index invitation_org on invitation (org_id)`,
  );
  const connect = () => sqliteAdapter(mutate(fromLibsql(open)));
  return {
    adapter: connect(),
    connect,
    connections: () => opened,
    host: {
      insert: (tx, orgId) => void tx.prepare("insert into item (org_id) values (?)").run(orgId),
      remove: (tx, orgId) =>
        void tx.prepare("delete from item where id = (select min(id) from item where org_id = ?)").run(orgId),
      count: (orgId) => count(host, orgId),
      async transaction(work) {
        const connection = new Database(file);
        try {
          await beginning(connection);
          const result = await work(connection);
          connection.exec("commit");
          return result;
        } catch (error) {
          if (connection.inTransaction) connection.exec("rollback");
          throw error;
        } finally {
          connection.close();
        }
      },
    },
    people: {
      join: (tx, orgId, name) => void tx.prepare("insert into member (org_id, name) values (?, ?)").run(orgId, name),
      invite: (tx, orgId, name) =>
        void tx.prepare("insert into invitation (org_id, name) values (?, ?)").run(orgId, name),
      uninvite: (tx, orgId, name) =>
        void tx.prepare("delete from invitation where org_id = ? and name = ?").run(orgId, name),
      members: (orgId) => count(host, orgId, "member"),
    },
    teardown() {
      host.close();
      rmSync(folder, { recursive: true });
    },
  };
}

testAdapter({
  kinds,
  people,
  setup: () => harness(),
  breakStorage: (tx) => void tx.exec("drop table org_entitlement"),
});

/** Replaces how the adapter's own connections begin and end a transaction. */
function withConnection(bridge: Bridge, change: (connection: Connection) => Partial<Connection>): Bridge {
  return {
    ...bridge,
    async open() {
      const connection = await bridge.open();
      return { ...connection, ...change(connection) };
    },
  };
}

/** Runs every statement on its own, as if BEGIN IMMEDIATE, COMMIT and ROLLBACK were not there. */
function withoutTransaction(bridge: Bridge): Bridge {
  return withConnection(bridge, () => {
    let begun = false;
    return {
      exec(sql) {
        begun = sql.startsWith("begin");
      },
      inTransaction: () => begun,
    };
  });
}

/** Begins without the write lock, so that the first write of each transaction finds out whether it may. */
function deferred(bridge: Bridge): Bridge {
  return withConnection(bridge, ({ exec }) => ({
    exec: (sql) => exec(sql === "begin immediate" ? "begin" : sql),
  }));
}

describe("an SQLite adapter with its lock taken out", () => {
  const mutants = { "no transaction at all": withoutTransaction, "BEGIN instead of BEGIN IMMEDIATE": deferred };

  it.each(Object.entries(mutants))(
    "fails the suite: %s",
    async (_name, mutate) => {
      const mutant: AdapterUnderTest<Database.Database> = { kinds, setup: () => harness(mutate) };
      const failed: string[] = [];
      for (const one of conformance["locking"] ?? [])
        await runCase(mutant, "rows", one).catch(() => failed.push(one.name));
      expect(failed).toContain("L1: the last unit is wanted by 20: one gets it");
      expect(failed).toContain("L1: nobody is let in between the count and the commit of another");
      expect(failed).toContain(
        "L3: a first limit waits for the writes in flight of an unlimited organisation, and counts them",
      );
    },
    120_000,
  );
});
