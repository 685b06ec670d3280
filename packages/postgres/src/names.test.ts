import { counter, createEntitlements, type Entitlements } from "@x/entitlements-core";
import { ConfigurationError, isStorageError } from "@x/entitlements-core/errors";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type PostgresAdapterOptions, postgresAdapter } from "./adapter.ts";
import { fromPg } from "./bridges/pg.ts";
import { freshDatabase } from "./fixtures/fresh-database.ts";
import { onPg } from "./fixtures/pg.ts";

const orgId = "acme";
const credit = { orgId, resourceType: "quota:credit" } as const;
const ODD = [`Bil"ling`, "büro", "a b", "select", "x'y; drop schema public"];

let url: string;
let pool: pg.Pool;
let giveBack: () => void;

beforeEach(async () => {
  ({ url, giveBack } = await freshDatabase());
  pool = onPg.open(url);
});
afterEach(async () => {
  const { rows } = await pool.query(
    "select nspname from pg_namespace where nspname <> 'public' and nspname <> 'information_schema' and nspname !~ '^pg_'",
  );
  for (const { nspname } of rows) await pool.query(`drop schema ${pg.escapeIdentifier(nspname)} cascade`);
  await pool.end();
  giveBack();
});

function open(
  options: PostgresAdapterOptions<pg.PoolClient>,
  on: pg.Pool = pool,
): Entitlements<pg.PoolClient, "quota:credit"> {
  return createEntitlements({
    adapter: postgresAdapter(fromPg<pg.PoolClient>(on), options),
    resources: { "quota:credit": counter({ label: "Credits" }) },
  });
}

test.each(ODD)("a schema is made, whatever it is called: %s", async (schema) => {
  const entitlements = open({ schema, tablePrefix: "my_" });
  await entitlements.migrate();
  await entitlements.migrate();
  await entitlements.setLimit({ ...credit, limit: 3 });
  await entitlements.consume(credit);
  const { id } = await entitlements.reserve({ ...credit, key: "k" });
  await entitlements.confirm({ orgId, id });
  await entitlements.consume({ ...credit, idempotencyKey: "once" });
  expect((await entitlements.overLimit()).organisations).toEqual([]);
  expect(await entitlements.doctor()).toEqual([]);
  const { rows } = await pool.query("select tablename from pg_tables where schemaname = $1 order by 1", [schema]);
  expect(rows.map(({ tablename }) => tablename)).toEqual([
    "my_entitlements_migration",
    "my_org_entitlement",
    "my_org_idempotency",
    "my_org_limit_change",
    "my_org_reservation",
  ]);
  expect((await pool.query("select 1 from pg_tables where schemaname = 'public'")).rows).toEqual([]);
});

test("two prefixes in one schema know nothing of each other, also with names as long as they may be", async () => {
  const long = { tablePrefix: `${"p".repeat(31)}_` };
  const [one, two] = [open(long), open({ tablePrefix: "b_" })];
  await one.migrate();
  await two.migrate();
  await one.setLimit({ ...credit, limit: 0 });
  await two.consume(credit);
  await two.forget({ orgId });
  expect((await one.check(credit)).allowed).toBe(false);
});

test("no search_path leads elsewhere", async () => {
  await open({}).migrate();
  await open({}).setLimit({ ...credit, limit: 0 });
  await pool.query("create schema other; create table other.org_entitlement (mine text)");
  const elsewhere = new pg.Pool({ connectionString: url, options: "-c search_path=other" });
  expect((await open({}, elsewhere).check(credit)).limit).toBe(0);
  await elsewhere.end();
});

test("whoever may not make schemas may use one that is there", async () => {
  await pool.query(`create schema billing; drop role if exists entitlements_app; create role entitlements_app login;
    grant usage, create on schema billing to entitlements_app`);
  const own = new URL(url);
  own.username = "entitlements_app";
  const weak = onPg.open(own.href);
  try {
    const entitlements = open({ schema: "billing" }, weak);
    await entitlements.migrate();
    await entitlements.consume(credit);
    await expect(open({ schema: "missing" }, weak).migrate()).rejects.toSatisfy(
      (error) => isStorageError(error) && /42501/.test(error.message),
    );
    await entitlements.migrate();
  } finally {
    await weak.end();
    await pool.query("drop schema billing cascade; drop owned by entitlements_app; drop role entitlements_app");
  }
});

test.each([
  { tablePrefix: "Upper_" },
  { tablePrefix: "a-b" },
  { tablePrefix: '"; drop' },
  { tablePrefix: "x".repeat(33) },
  { schema: "" },
  { schema: "a\0b" },
  { schema: "ü".repeat(32) },
])("names that would not be what they say are refused: %j", (options) => {
  expect(() => open(options)).toThrow(ConfigurationError);
});

test("an option that is misspelt is named", () => {
  expect(() => open({ ...JSON.parse('{ "tableprefix": "x_" }') })).toThrow(/tableprefix/);
});
