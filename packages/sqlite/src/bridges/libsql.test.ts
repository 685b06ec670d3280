import { createEntitlements, rows } from "@x/entitlements-core";
import Database from "libsql";
import { expect, it } from "vitest";
import { type Connection, createScratch, numberOf } from "../fixtures/scratch.ts";
import { fromLibsql } from "./libsql.ts";

it("statements are kept prepared, but no more than a hundred of them on a connection", async () => {
  const { file, adapter } = createScratch("create table project (org_id text primary key)");
  const prepared: string[] = [];
  const open = (): Connection => {
    const connection = new Database(file);
    const prepare = connection.prepare.bind(connection);
    connection.prepare = (sql) => {
      prepared.push(sql);
      return prepare(sql);
    };
    return connection;
  };
  const names = Array.from({ length: 8 }, (_, index) => `quota:kind_${index}`);
  const kind = (index: number) =>
    rows({ label: "Projects", table: "project", orgColumn: "org_id", where: `${index} = ${index}` });
  const entitlements = createEntitlements({
    adapter: adapter({}, open),
    resources: Object.fromEntries(names.map((name, index) => [name, kind(index)])),
  });
  await entitlements.migrate();
  // Every set of resource types wants a statement of its own.
  const claims = Array.from({ length: 2 ** names.length - 1 }, (_, set) =>
    Object.fromEntries(names.filter((_name, bit) => ((set + 1) >> bit) & 1).map((name) => [name, 1])),
  );
  const consume = async () => {
    for (const one of claims) await entitlements.consume({ orgId: "acme", claims: one });
  };
  await consume();
  const before = prepared.length;
  await entitlements.consume({ orgId: "acme", claims: claims.at(-1) ?? {} });
  expect(prepared.length).toBe(before);
  await consume();
  expect(prepared.length).toBeGreaterThan(before + 100);
});

it("a connection that is closed under the adapter is an answer, not the end of the process", async () => {
  const { open } = createScratch();
  const bridge = fromLibsql(open);
  const connection = await bridge.open();
  await connection.exec("begin immediate");
  connection.tx.close();
  expect(connection.inTransaction()).toBe(false);
  expect(() => connection.exec("select 1")).toThrow();
  await connection.close();
  // Its transaction has let go of the file.
  expect(() => open().exec("begin immediate")).not.toThrow();
});

it("whole numbers reach the database as whole numbers", async () => {
  const connection = await fromLibsql(createScratch().open).open();
  const [row] = await connection.all("select typeof(:n) as type, :n = 9007199254740991 as same", { n: 2n ** 53n - 1n });
  expect(row).toMatchObject({ type: "integer", same: 1 });
  expect(numberOf(connection.tx, "select 1")).toBe(1);
  await connection.close();
});
