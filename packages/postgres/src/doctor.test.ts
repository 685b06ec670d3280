import { counter, createEntitlements, type Entitlements, type RowsResource, rows } from "@x/entitlements-core";
import { isConfigurationError } from "@x/entitlements-core/errors";
import type pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { postgresAdapter } from "./adapter.ts";
import { fromPg } from "./bridges/pg.ts";
import { freshDatabase } from "./fixtures/fresh-database.ts";
import { onPg } from "./fixtures/pg.ts";

let pool: pg.Pool;
let end: () => Promise<void>;

beforeEach(async () => {
  const { url, giveBack } = await freshDatabase();
  pool = onPg.open(url);
  end = async () => {
    await pool.end();
    giveBack();
  };
  await pool.query("create table item (id bigint generated always as identity, org_id text not null, kind text)");
});
afterEach(() => end());

const items = rows({ label: "Items", table: "item", orgColumn: "org_id" });

function open(item: RowsResource = items): Entitlements<pg.PoolClient, "quota:credit" | "quota:item"> {
  return createEntitlements({
    adapter: postgresAdapter(fromPg<pg.PoolClient>(pool)),
    resources: { "quota:item": item, "quota:credit": counter({ label: "Credits" }) },
  });
}

/** What is found, in short. */
async function found(item?: RowsResource): Promise<readonly string[]> {
  const findings = await open(item).doctor();
  return findings.map(({ severity, message, fix }) => `${severity}: ${message} → ${fix}`);
}

test("before migrate() that is what is missing, and nothing is changed by looking", async () => {
  expect(await found()).toEqual([
    expect.stringMatching(/^error: .*version 0.* → await entitlements\.migrate\(\)$/),
    expect.stringMatching(/^warning: Counting quota:item reads the whole table/),
  ]);
  expect(
    (await pool.query("select 1 from pg_tables where schemaname = 'public' and tablename <> 'item'")).rows,
  ).toEqual([]);
});

test("the index that counting wants is found missing, and the statement that makes it helps", async () => {
  await open().migrate();
  const [finding, ...others] = await open().doctor();
  expect([finding?.severity, others]).toEqual(["warning", []]);
  expect(finding?.message).toMatch(/quota:item.*"item".*"org_id"/);
  await pool.query(finding?.fix ?? "");
  expect(await found()).toEqual([]);
});

test("an index that begins with something else, or is not valid, does not help; a longer one does", async () => {
  await open().migrate();
  await pool.query("create index on item (kind, org_id)");
  expect(await found()).toHaveLength(1);
  await pool.query("create index long on item (org_id, kind)");
  expect(await found()).toEqual([]);
  await pool.query("update pg_index set indisvalid = false where indexrelid = 'long'::regclass");
  expect(await found()).toHaveLength(1);
});

test("a partitioned table is looked at as a whole, and a view has no index to miss", async () => {
  await pool.query(`create view shown as select * from item;
    create table parted (org_id text not null) partition by hash (org_id);
    create table part_0 partition of parted for values with (modulus 1, remainder 0)`);
  await open().migrate();
  expect(await found(rows({ label: "Items", table: "shown", orgColumn: "org_id" }))).toEqual([]);
  const parted = rows({ label: "Items", table: "parted", orgColumn: "org_id" });
  expect(await found(parted)).toHaveLength(1);
  await pool.query("create index on parted (org_id)");
  expect(await found(parted)).toEqual([]);
});

test.each<[string, RowsResource, RegExp]>([
  [
    "a table that is not there",
    rows({ label: "I", table: "nothing", orgColumn: "org_id" }),
    /"nothing", which does not exist/,
  ],
  [
    "a column that is not there",
    rows({ label: "I", table: "item", orgColumn: "tenant" }),
    /"tenant" of table "item", which does not exist/,
  ],
  [
    "a condition that does not parse",
    rows({ label: "I", table: "item", orgColumn: "org_id", where: "kind =" }),
    /Counting quota:item failed: .*syntax/,
  ],
  [
    "a condition on a column that is not there",
    rows({ label: "I", table: "item", orgColumn: "org_id", where: "sort = 'x'" }),
    /Counting quota:item failed: .*sort/,
  ],
  [
    "a condition that is no condition",
    rows({ label: "I", table: "item", orgColumn: "org_id", where: "kind" }),
    /Counting quota:item failed: .*boolean/,
  ],
  [
    "a parameter that nothing binds",
    rows({ label: "I", table: "item", orgColumn: "org_id", where: "kind = :kind" }),
    /":kind", which nothing binds/,
  ],
  [
    "a key over all rows",
    rows({ label: "I", table: "item", orgColumn: "org_id", key: "max(kind)" }),
    /Counting quota:item failed: .*aggregate/,
  ],
])("%s is an error, which migrate() throws", async (_what, item, message) => {
  await open().migrate();
  expect(await found(item)).toEqual([expect.stringMatching(message)]);
  await expect(open(item).migrate()).rejects.toSatisfy(
    (error) => isConfigurationError(error) && message.test(error.message),
  );
});

test("what is stored for types that are not defined is found, with the statement that deletes it", async () => {
  await open().migrate();
  await pool.query("create index on item (org_id)");
  const older = createEntitlements({
    adapter: postgresAdapter(fromPg<pg.PoolClient>(pool)),
    resources: { "quota:it_s": counter({ label: "Old" }) },
  });
  await older.setLimit({ orgId: "acme", resourceType: "quota:it_s", limit: 5 });
  const [finding, ...others] = await open().doctor();
  expect([finding?.message, others]).toEqual([expect.stringMatching(/quota:it_s, which is not defined/), []]);
  await pool.query(finding?.fix ?? "");
  expect(await found()).toEqual([]);
});

test("what the host's definition expects of the database is told until it holds, and only then", async () => {
  const unique = {
    condition: {
      postgres: "exists(select 1 from pg_indexes where indexname = 'item_once')",
      sqlite: "no SQL for this database",
    },
    message: "Two items may be one.",
    fix: { postgres: "create unique index item_once on item (org_id, id)", sqlite: "nor this" },
  };
  const item = rows({ label: "Items", table: "item", orgColumn: "org_id", expects: [unique] });
  await open(item).migrate();
  const [, told] = await found(item);
  expect(told).toBe("warning: Two items may be one. → create unique index item_once on item (org_id, id)");
  await pool.query(unique.fix.postgres);
  expect(await found(item)).toEqual([]);
});

test("a `where` that differs by database is taken in PostgreSQL's words", async () => {
  const where = { postgres: "kind = any(array['a'])", sqlite: "no SQL for this database" };
  const entitlements = open(rows({ label: "Items", table: "item", orgColumn: "org_id", where }));
  await entitlements.migrate();
  await pool.query("insert into item (org_id, kind) values ('acme', 'a'), ('acme', 'b')");
  expect(await entitlements.check({ orgId: "acme", resourceType: "quota:item" })).toMatchObject({ current: 1 });
});
