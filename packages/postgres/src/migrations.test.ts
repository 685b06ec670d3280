import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { counter, createEntitlements, type Entitlements } from "@x/entitlements-core";
import { isConfigurationError } from "@x/entitlements-core/errors";
import type pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type PostgresAdapterOptions, postgresAdapter } from "./adapter.ts";
import { fromPg } from "./bridges/pg.ts";
import { freshDatabase } from "./fixtures/fresh-database.ts";
import { onPg } from "./fixtures/pg.ts";
import { migrations } from "./migrations/index.ts";

type Options = PostgresAdapterOptions<pg.PoolClient>;
const credit = { orgId: "acme", resourceType: "quota:credit" } as const;

let url: string;
let pool: pg.Pool;
let end: () => Promise<void>;

beforeEach(async () => {
  const database = await freshDatabase();
  url = database.url;
  pool = onPg.open(url);
  const pools = [pool];
  end = async () => {
    for (const one of pools) await one.end();
    database.giveBack();
  };
});
afterEach(() => end());

function open(options: Options = {}, on: pg.Pool = pool): Entitlements<pg.PoolClient, "quota:credit"> {
  return createEntitlements({
    adapter: postgresAdapter(fromPg<pg.PoolClient>(on), options),
    resources: { "quota:credit": counter({ label: "Credits" }) },
  });
}

/** Everything that makes our tables what they are. */
async function shape(schema = "public"): Promise<unknown> {
  const { rows } = await pool.query(
    `select 'column' as what, table_name as of, column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') || ' ' || coalesce(collation_name, '') as is
      from information_schema.columns where table_schema = $1
    union all select 'index', tablename, replace(indexdef, quote_ident($1) || '.', '') from pg_indexes where schemaname = $1
    union all select 'constraint', conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint where connamespace = $1::regnamespace
    order by 1, 2, 3`,
    [schema],
  );
  return rows;
}

// Fails when migrate() does not lock the row of version 0.
test("ten processes that start at once make the tables once, and all of them are served", async () => {
  const program = fileURLToPath(new URL("./fixtures/migrating.mjs", import.meta.url));
  const processes = Array.from({ length: 10 }, () =>
    spawn(process.execPath, [program, url], { stdio: ["pipe", "pipe", "inherit"] }),
  );
  const ended = processes.map((one) => once(one, "close"));
  await Promise.all(processes.map(({ stdout }) => once(stdout, "data")));
  for (const { stdin } of processes) stdin.write("go\n");
  expect((await Promise.all(ended)).map(([code]) => code)).toEqual(Array.from({ length: 10 }, () => 0));
  expect((await open().check(credit)).current).toBe(10);
});

test("ten pools that start at once make the tables once, in a schema of their own as well", async () => {
  const pools = Array.from({ length: 10 }, () => onPg.open(url));
  for (const options of [{}, { schema: "billing" }, { schema: "billing", tablePrefix: "x_" }]) {
    await Promise.all(pools.map((one) => open(options, one).migrate()));
    await Promise.all(pools.map((one) => open(options, one).consume(credit)));
    expect((await open(options).check(credit)).current).toBe(10);
  }
  for (const one of pools) await one.end();
  const { rows } = await pool.query(
    "select version, count(*)::int as n from billing.entitlements_migration group by version order by version",
  );
  expect(rows).toEqual([0, 1, 2].map((version) => ({ version, n: 1 })));
});

test("the SQL that is run by hand makes the same tables, which migrate() then finds", async () => {
  await open().migrate();
  const made = await shape();
  await pool.query("drop schema public cascade; create schema public");
  for (const { statements } of migrations())
    await onPg.transaction(pool, async (tx) => {
      for (const statement of statements) await tx.query(statement);
    });
  expect(await shape()).toEqual(made);
  await open().consume(credit);
  await open().migrate();
  await open().consume(credit);
  expect((await open().check(credit)).current).toBe(2);
});

test("a database that stopped after the first step is brought up to date, and keeps what it had", async () => {
  const [first] = migrations();
  for (const statement of first?.statements ?? []) await pool.query(statement);
  await pool.query(
    "insert into org_entitlement (org_id, resource_type, used, created_at, updated_at) values ('acme', 'quota:credit', 7, now(), now())",
  );
  await expect(open().consume(credit)).rejects.toSatisfy(
    (error) => isConfigurationError(error) && /version 1.*wants 2.*migrate\(\)/.test(error.message),
  );
  await open().migrate();
  await open().consume(credit);
  expect((await open().check(credit)).current).toBe(8);
});

test.each([
  ["consume", () => open().consume(credit)],
  ["check", () => open().check(credit)],
  ["limits", () => open().limits({ orgId: "acme" })],
  ["setLimit", () => open().setLimit({ ...credit, limit: 1 })],
  ["overLimit", () => open().overLimit()],
])("without tables %s says what to run", async (_name, call) => {
  await expect(call()).rejects.toSatisfy(
    (error) => isConfigurationError(error) && /do not exist yet.*migrate\(\)/.test(error.message),
  );
});

test("tables of a newer version are left alone: migrate() and every call refuse", async () => {
  await open().migrate();
  await pool.query("insert into entitlements_migration (version, name, applied_at) values (99, 'later', now())");
  const newer = (error: unknown): boolean =>
    isConfigurationError(error) && /newer.*Update the package/.test(error.message);
  await expect(open().migrate()).rejects.toSatisfy(newer);
  await expect(open().consume(credit)).rejects.toSatisfy(newer);
  await expect(open().check(credit)).rejects.toSatisfy(newer);
  const { rows } = await pool.query("select count(*)::int as n from org_entitlement where used > 0");
  expect(rows).toEqual([{ n: 0 }]);
});

test.each(["org_entitlement", "org_reservation", "org_idempotency"])(
  "a table %s of somebody else's is left as it is, and nothing half made stays",
  async (table) => {
    await pool.query(`create table ${table} (mine text); insert into ${table} values ('kept')`);
    await expect(open().migrate()).rejects.toSatisfy(
      (error) => isConfigurationError(error) && error.message.includes(table) && /tablePrefix/.test(error.message),
    );
    expect((await pool.query(`select * from ${table}`)).rows).toEqual([{ mine: "kept" }]);
    const { rows } = await pool.query(
      "select tablename from pg_tables where schemaname = 'public' and tablename like 'org%'",
    );
    expect(rows).toEqual([{ tablename: table }]);
    await open({ tablePrefix: "ours_" }).migrate();
    await open({ tablePrefix: "ours_" }).consume(credit);
  },
);
