import { testAdapter } from "@x/entitlements-core/testing";
import { describe, it } from "vitest";
import { type Driver, manually, underTest } from "../fixtures/host.ts";
import { testMisuse } from "../fixtures/misuse.ts";
import { fromNodeSqlite, type NodeSqliteDatabase } from "./node-sqlite.ts";

// The types of Node 20 do not know it.
const { DatabaseSync }: { DatabaseSync?: new (file: string) => NodeSqliteDatabase } = Object(
  process.getBuiltinModule("node:sqlite"),
);

const major = Number.parseInt(process.versions.node, 10);

if (DatabaseSync === undefined) {
  if (process.env["REQUIRE_NODE_SQLITE"] !== undefined) throw new Error(`Node ${process.version} has no node:sqlite.`);
  it.skip(`Node ${process.version} has no node:sqlite, so it is not tested: .ci/run does, under a newer one`, () => {});
} else {
  const driver: Driver<NodeSqliteDatabase> = {
    from: fromNodeSqlite,
    open: (file) => new DatabaseSync(file),
    close: (database) => database.close(),
    transaction: (database, work) =>
      manually(
        (sql) => database.exec(sql),
        () => work(database),
      ),
    insert: (tx, orgId) => tx.prepare("insert into item (org_id) values (?)").all(orgId),
    count: (tx, orgId) =>
      Number(Object(tx.prepare("select count(*) as n from item where org_id = ?").all(orgId)[0])["n"]),
    // Older ones take it for the name of a file.
    inMemory: [":memory:", ...(major < 24 ? [] : ["file:shared?mode=memory&cache=shared", "file:/shared?vfs=memdb"])],
    run: (tx, sql) => tx.exec(sql),
  };

  describe(`on node:sqlite of Node ${process.version}`, () => {
    testAdapter(underTest(driver));
    testMisuse(driver);
  });
}
