import { counter, createEntitlements } from "@x/entitlements-core";
import { Kysely, PostgresDialect } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { postgresAdapter } from "../adapter.ts";
import { columnsOf, tablesOf } from "../fixtures/columns.ts";
import { emptyDatabase } from "../fixtures/empty-database.ts";
import { onPg } from "../fixtures/pg.ts";
import { type EntitlementsDatabase, fromKysely } from "./kysely.ts";

/** The SQL types that a column of this type may have, a question mark where it may be null. */
type SqlType<T> = null extends T ? `${SqlTypeOf<NonNullable<T>>}?` : SqlTypeOf<T>;
type SqlTypeOf<T> = T extends Date
  ? "timestamp with time zone"
  : T extends boolean
    ? "boolean"
    : T extends number
      ? "integer"
      : T extends readonly string[]
        ? "text[]"
        : "text" | "bigint";
type Columns<Table> = { [Name in keyof Table]: Table[Name] extends { __select__: infer T } ? SqlType<T> : never };

/** The types once more, where a test can see them: one that differs from `EntitlementsDatabase` does not compile. */
const typed: { [Name in keyof EntitlementsDatabase]: Columns<EntitlementsDatabase[Name]> } = {
  org_entitlement: {
    org_id: "text",
    resource_type: "text",
    has_override: "boolean",
    max_value: "bigint?",
    used: "bigint",
    reason: "text?",
    actor: "text?",
    expires_at: "timestamp with time zone?",
    holds_until: "timestamp with time zone?",
    created_at: "timestamp with time zone",
    updated_at: "timestamp with time zone",
  },
  org_limit_change: { org_id: "text", resource_type: "text", waiter: "text", expires_at: "timestamp with time zone" },
  org_reservation: {
    org_id: "text",
    id: "text",
    resource_type: "text",
    amount: "bigint",
    counts_as: "bigint",
    key: "text?",
    covers: "text[]",
    expires_at: "timestamp with time zone",
    created_at: "timestamp with time zone",
  },
  org_idempotency: {
    org_id: "text",
    key: "text",
    resource_type: "text",
    fingerprint: "text",
    result: "text?",
    expires_at: "timestamp with time zone",
    created_at: "timestamp with time zone",
  },
  entitlements_migration: { version: "integer", name: "text", applied_at: "timestamp with time zone" },
};

async function createApp() {
  const database = await emptyDatabase();
  const db = new Kysely<EntitlementsDatabase>({ dialect: new PostgresDialect({ pool: onPg.open(database.url) }) });
  onTestFinished(async () => {
    await db.destroy();
    await database.end();
  });
  const resources = { "quota:credit": counter({ label: "Credits" }) };
  const entitlements = createEntitlements({ adapter: postgresAdapter(fromKysely(db)), resources });
  await entitlements.migrate();
  return { database, db, entitlements };
}

test("the types have the columns that migrate() makes", async () => {
  // Fails when a migration adds, drops or changes a column and the types do not.
  const { database } = await createApp();
  expect(Object.keys(typed).toSorted()).toEqual(await tablesOf(database, "public"));
  for (const [table, columns] of Object.entries(typed)) expect(columns).toEqual(await columnsOf(database, table));
});

test("limits, counts and holds are read through them", async () => {
  const { db, entitlements } = await createApp();
  const credit = { orgId: "acme", resourceType: "quota:credit" } as const;
  const expiresAt = new Date(Date.now() + 3_600_000);
  await entitlements.setLimit({ ...credit, limit: 9, reason: "trial", expiresAt });
  await entitlements.consume(credit);
  await entitlements.reserve({ ...credit, amount: 2 });
  const found = await db
    .selectFrom("org_reservation")
    .innerJoin("org_entitlement", "org_entitlement.org_id", "org_reservation.org_id")
    .select(["max_value", "used", "reason", "actor", "has_override", "org_entitlement.expires_at", "amount", "covers"])
    .executeTakeFirstOrThrow();
  expect(found).toEqual({
    ...{ max_value: "9", used: "1", reason: "trial", actor: null, has_override: true },
    ...{ expires_at: expiresAt, amount: "2", covers: [] },
  });
  expect(await db.selectFrom("org_idempotency").selectAll().execute()).toEqual([]);
  expect((await db.selectFrom("entitlements_migration").select("version").execute()).length).toBeGreaterThan(1);
});
