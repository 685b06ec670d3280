import { randomUUID } from "node:crypto";
import { createEntitlements, type Entitlements, rows } from "@x/entitlements-core";
import { isConfigurationError, isInvalidRequestError, isLimitReachedError } from "@x/entitlements-core/errors";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { postgresAdapter } from "./adapter.ts";
import { fromPg } from "./bridges/pg.ts";
import { freshDatabase } from "./fixtures/fresh-database.ts";
import { onPg } from "./fixtures/pg.ts";

let pool: pg.Pool;
let end = async (): Promise<void> => {};

beforeAll(async () => {
  const { url, giveBack } = await freshDatabase();
  pool = onPg.open(url);
  end = async () => {
    await pool.end();
    giveBack();
  };
  await migrated("note", "text").then((entitlements) => entitlements.migrate());
});
afterAll(() => end());

/** A host whose table keeps the organisation in a column of that type. */
async function migrated(table: string, type: string): Promise<Entitlements<pg.PoolClient, "quota:item">> {
  await pool.query(`create table ${table} (org ${type} not null)`);
  return createEntitlements({
    adapter: postgresAdapter(fromPg<pg.PoolClient>(pool)),
    resources: { "quota:item": rows({ label: "Items", table, orgColumn: "org" }) },
  });
}

const uuid = randomUUID();

test.each([
  ["text", "text", ["acme", " a ", "ACME", "ünï"], []],
  ["varchar", "varchar(40)", ["acme", " a "], []],
  // The blanks at the end of char(n) say nothing.
  ["char", "char(12)", ["acme", " a"], ["acme ", " "]],
  ["uuid", "uuid", [uuid], [uuid.toUpperCase(), uuid.replaceAll("-", ""), `{${uuid}}`, "acme"]],
  ["smallint", "smallint", ["0", "-7", "32767"], ["01", "+1", "-0", "32768", " 1", "1.0", "1e2", "acme"]],
  ["integer", "integer", ["42", "-2147483648"], ["042", "2147483648", "0x1"]],
  ["bigint", "bigint", ["9223372036854775807"], ["9223372036854775808", "00"]],
  ["identity", "bigint generated always as identity", [], ["07"]],
  ["a domain over text", "org_name", ["acme"], []],
  ["a domain over uuid", "org_uuid", [uuid], [uuid.toUpperCase()]],
])("ids in a column of type %s: each has one spelling that limits it", async (name, type, ids, others) => {
  if (type === "org_name") await pool.query("create domain org_name as text check (value <> '')");
  if (type === "org_uuid") await pool.query("create domain org_uuid as uuid");
  const table = `item_${name.replaceAll(" ", "_")}`;
  const entitlements = await migrated(table, type);
  for (const orgId of ids) {
    const item = { orgId, resourceType: "quota:item" } as const;
    const make = () => entitlements.enforce(item, (tx) => tx.query(`insert into ${table} (org) values ($1)`, [orgId]));
    await entitlements.setLimit({ ...item, limit: 1 });
    await make();
    await expect(make()).rejects.toSatisfy(isLimitReachedError);
  }
  for (const orgId of others)
    await expect(entitlements.enforce({ orgId, claims: { "quota:item": 1 } }, () => {})).rejects.toSatisfy(
      (error) => isInvalidRequestError(error) && error.field === "orgId",
    );
});

test.each([
  ["numeric", "numeric"],
  ["boolean", "boolean"],
  ["an enumeration", "plan_kind"],
  ["a collation for which A is a", 'text collate "ignores_case"'],
  ["a domain over such a text", "ci_name"],
  ["json", "jsonb"],
  ["a number with fractions", "double precision"],
])("ids in a column of %s are refused when the process starts: two of them could be one", async (_what, type) => {
  if (type === "plan_kind") await pool.query("create type plan_kind as enum ('free', 'pro')");
  if (type.includes("ignores_case"))
    await pool.query(
      "create collation ignores_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
    );
  if (type === "ci_name") await pool.query('create domain ci_name as text collate "ignores_case"');
  const entitlements = await migrated(`bad_${type.replaceAll(/\W/g, "_")}`, type);
  await expect(entitlements.migrate()).rejects.toSatisfy(
    (error) => isConfigurationError(error) && /takes different texts for one id/.test(error.message),
  );
  await expect(entitlements.enforce({ orgId: "acme", claims: { "quota:item": 1 } }, () => {})).rejects.toSatisfy(
    isConfigurationError,
  );
});

test("citext, where the server has it, is refused", async ({ skip }) => {
  const { rows: available } = await pool.query("select 1 from pg_available_extensions where name = 'citext'");
  if (available.length === 0) skip("this server has no citext");
  await pool.query("create extension citext");
  const entitlements = await migrated("item_citext", "citext");
  await expect(entitlements.migrate()).rejects.toSatisfy(isConfigurationError);
});
