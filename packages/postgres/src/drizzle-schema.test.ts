import { counter, createEntitlements } from "@x/entitlements-core";
import { eq, getTableColumns } from "drizzle-orm";
import { getTableConfig } from "drizzle-orm/pg-core";
import { expect, onTestFinished, test } from "vitest";
import { postgresAdapter } from "./adapter.ts";
import { fromDrizzle } from "./bridges/drizzle.ts";
import { entitlementsTables } from "./drizzle-schema.ts";
import { columnsOf, tablesOf } from "./fixtures/columns.ts";
import { onDrizzlePg } from "./fixtures/drizzle.ts";
import { emptyDatabase } from "./fixtures/empty-database.ts";
import type { NamesOptions } from "./sql/names.ts";

async function createApp(options: NamesOptions) {
  const database = await emptyDatabase();
  const db = onDrizzlePg.open(database.url);
  onTestFinished(async () => {
    await database.past("drop schema if exists billing cascade");
    await onDrizzlePg.close(db);
    await database.end();
  });
  const resources = { "quota:credit": counter({ label: "Credits" }) };
  const entitlements = createEntitlements({ adapter: postgresAdapter(fromDrizzle(db), options), resources });
  await entitlements.migrate();
  return { database, db, entitlements, tables: entitlementsTables(options) };
}

const places: NamesOptions[] = [
  {},
  { schema: "billing" },
  { tablePrefix: "my_" },
  { schema: "billing", tablePrefix: "my_" },
];

test.each(places)("the definitions have the columns that migrate() makes, in %o", async (options) => {
  // Fails when a migration adds, drops or changes a column and the definition does not.
  const { database, tables } = await createApp(options);
  const schema = options.schema ?? "public";
  const configs = Object.values(tables).map(getTableConfig);
  expect(configs.map(({ name }) => name).toSorted()).toEqual(await tablesOf(database, schema));
  for (const { name, columns, primaryKeys } of configs) {
    const defined = columns.map((column) => [column.name, `${column.getSQLType()}${column.notNull ? "" : "?"}`]);
    expect(Object.fromEntries(defined)).toEqual(await columnsOf(database, `${schema}.${name}`));
    const key = await database.past(
      `select string_agg(attname, ',' order by array_position(indkey, attnum)) as columns from pg_index
       join pg_attribute on attrelid = indrelid and attnum = any (indkey)
       where indrelid = '${schema}.${name}'::regclass and indisprimary`,
    );
    const [first] = primaryKeys;
    const own = first?.columns ?? columns.filter(({ primary }) => primary);
    expect(own.map((column) => column.name).join(",")).toBe(key[0]?.["columns"]);
  }
});

test.each(places)("limits, counts and holds are read through them, in %o", async (options) => {
  const { db, entitlements, tables } = await createApp(options);
  const credit = { orgId: "acme", resourceType: "quota:credit" } as const;
  const expiresAt = new Date(Date.now() + 3_600_000);
  await entitlements.setLimit({ ...credit, limit: 9, reason: "trial", expiresAt });
  await entitlements.consume(credit);
  await entitlements.reserve({ ...credit, amount: 2 });
  const { orgEntitlement, orgReservation, orgIdempotency, entitlementsMigration } = tables;
  const [limit] = await db.select().from(orgEntitlement).where(eq(orgEntitlement.orgId, "acme"));
  expect(limit).toMatchObject({
    ...{ maxValue: 9, used: 1, reason: "trial", actor: null, hasOverride: true },
    expiresAt,
  });
  const [hold] = await db
    .select({ ...getTableColumns(orgReservation), used: orgEntitlement.used })
    .from(orgReservation)
    .innerJoin(orgEntitlement, eq(orgReservation.orgId, orgEntitlement.orgId));
  expect(hold).toMatchObject({ amount: 2, countsAs: 2, covers: [], used: 1 });
  expect(await db.select().from(orgIdempotency)).toEqual([]);
  expect(await db.$count(entitlementsMigration)).toBeGreaterThan(1);
});

test("a name that is none is refused", () => {
  expect(() => entitlementsTables({ tablePrefix: "My " })).toThrow(/tablePrefix must be/);
});
