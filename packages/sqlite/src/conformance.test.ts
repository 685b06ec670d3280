import { conformance, runCase, testAdapter } from "@x/entitlements-core/testing";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import { fromLibsql } from "./bridges/libsql.ts";
import { type Driver, manually, underTest } from "./fixtures/host.ts";
import { testMisuse } from "./fixtures/misuse.ts";
import { deferred, withoutTransaction } from "./fixtures/mutants.ts";
import { numberOf } from "./fixtures/scratch.ts";

const driver: Driver<Database.Database> = {
  from: fromLibsql,
  open: (file) => new Database(file),
  close: (database) => database.close(),
  transaction: (database, work) =>
    manually(
      (sql) => database.exec(sql),
      () => work(database),
    ),
  insert: (tx, orgId) => tx.prepare("insert into item (org_id) values (?)").run(orgId),
  count: (tx, orgId) => numberOf(tx, "select count(*) from item where org_id = ?", orgId),
  run: (tx, sql) => tx.exec(sql),
};

testAdapter(underTest(driver));
testMisuse(driver);

describe("an SQLite adapter with its lock taken out", () => {
  it.each([
    ["no transaction at all", withoutTransaction],
    ["BEGIN instead of BEGIN IMMEDIATE", deferred],
  ] as const)(
    "fails the suite: %s",
    async (_name, mutate) => {
      const failed: string[] = [];
      for (const one of conformance["locking"] ?? [])
        await runCase(underTest(driver, mutate), "rows", one).catch(() => failed.push(one.name));
      expect(failed).toContain("L1: the last unit is wanted by 20: one gets it");
      expect(failed).toContain("L1: nobody is let in between the count and the commit of another");
      expect(failed).toContain(
        "L3: a first limit waits for the writes in flight of an unlimited organisation, and counts them",
      );
    },
    120_000,
  );
});
