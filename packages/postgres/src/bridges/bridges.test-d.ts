import type { PGlite, Transaction as PgliteTransaction } from "@electric-sql/pglite";
import { counter, createEntitlements } from "@x/entitlements-core";
import type { ExtractTablesWithRelations } from "drizzle-orm";
import type { NodePgDatabase, NodePgQueryResultHKT } from "drizzle-orm/node-postgres";
import { type PgTransaction, pgTable, text } from "drizzle-orm/pg-core";
import type { PostgresJsDatabase, PostgresJsQueryResultHKT } from "drizzle-orm/postgres-js";
import type { Generated, Kysely, Transaction } from "kysely";
import type pg from "pg";
import type postgres from "postgres";
import { describe, expectTypeOf, test } from "vitest";
import { postgresAdapter } from "../adapter.ts";
import type { PostgresBridge } from "../bridge.ts";
import { fromDrizzle } from "./drizzle.ts";
import { type EntitlementsDatabase, fromKysely } from "./kysely.ts";
import { fromPg } from "./pg.ts";
import { fromPglite } from "./pglite.ts";
import { fromPostgresJs } from "./postgres-js.ts";

// Checked by `tsc`, never run: each `@ts-expect-error` fails the build once the mistake below it compiles.
const project = pgTable("project", { orgId: text("org_id").notNull() });
type Tables = { project: typeof project };
interface Database {
  project: { id: Generated<number>; org_id: string };
}
declare const pool: pg.Pool;
declare const client: pg.PoolClient;
declare const sql: postgres.Sql;
declare const onPg: NodePgDatabase<Tables> & { $client: pg.Pool };
declare const onPostgresJs: PostgresJsDatabase<Tables> & { $client: postgres.Sql };
declare const kysely: Kysely<Database>;
declare const pglite: PGlite;

type DrizzleOnPg = PgTransaction<NodePgQueryResultHKT, Tables, ExtractTablesWithRelations<Tables>>;
type DrizzleOnPostgresJs = PgTransaction<PostgresJsQueryResultHKT, Tables, ExtractTablesWithRelations<Tables>>;
const item = { orgId: "acme", resourceType: "quota:item" } as const;

function app<Tx extends object>(bridge: PostgresBridge<Tx>) {
  return createEntitlements({
    adapter: postgresAdapter(bridge),
    resources: { "quota:item": counter({ label: "Items" }) },
  });
}

describe("the `tx` of the host's functions is the driver's own", () => {
  test("pg", () => {
    void app(fromPg(pool)).enforce(item, (tx) => expectTypeOf(tx).toEqualTypeOf<pg.PoolClient>());
  });
  test("postgres.js", () => {
    void app(fromPostgresJs(sql)).enforce(item, (tx) => expectTypeOf(tx).toEqualTypeOf<postgres.TransactionSql>());
  });
  test("Drizzle, with the schema", () => {
    void app(fromDrizzle(onPg)).enforce(item, (tx) => {
      expectTypeOf(tx).toEqualTypeOf<DrizzleOnPg>();
      return tx.query.project.findMany();
    });
    void app(fromDrizzle(onPostgresJs)).enforce(item, (tx) => {
      expectTypeOf(tx).toEqualTypeOf<DrizzleOnPostgresJs>();
      return tx.insert(project).values({ orgId: "acme" });
    });
  });
  test("Kysely, with the database", () => {
    void app(fromKysely(kysely)).enforce(item, (tx) => {
      expectTypeOf(tx).toEqualTypeOf<Transaction<Database>>();
      return tx.insertInto("project").values({ org_id: "acme" }).execute();
    });
  });
  test("PGlite", () => {
    void app(fromPglite(pglite)).enforce(item, (tx) => expectTypeOf(tx).toEqualTypeOf<PgliteTransaction>());
  });
});

test("a `tx` of another driver, or the instance itself, does not compile", () => {
  // @ts-expect-error
  void app(fromPg(pool)).consume({ ...item, tx: pool });
  // @ts-expect-error
  void app(fromPostgresJs(sql)).consume({ ...item, tx: sql });
  // @ts-expect-error
  void app(fromPostgresJs(sql)).consume({ ...item, tx: client });
  // @ts-expect-error
  void app(fromDrizzle(onPg)).consume({ ...item, tx: onPg });
  // @ts-expect-error
  void app(fromDrizzle(onPg)).consume({ ...item, tx: client });
  void onPostgresJs.transaction(async (tx) => {
    void app(fromDrizzle(onPostgresJs)).consume({ ...item, tx });
    // @ts-expect-error of the other driver
    void app(fromDrizzle(onPg)).consume({ ...item, tx });
  });
  // @ts-expect-error
  void app(fromKysely(kysely)).consume({ ...item, tx: kysely });
  // @ts-expect-error
  void app(fromPglite(pglite)).consume({ ...item, tx: pglite });
});

test("a bridge takes nothing but what it is for", () => {
  // @ts-expect-error
  fromPg(client);
  // @ts-expect-error
  fromPostgresJs(pool);
  // @ts-expect-error
  fromDrizzle(pool);
  // @ts-expect-error
  fromKysely(pool);
  // @ts-expect-error
  fromPglite(pool);
});

test("Kysely reads our tables and does not write them", () => {
  const all = kysely.withTables<EntitlementsDatabase & EntitlementsDatabase<"my_">>();
  expectTypeOf(all.selectFrom("org_entitlement").select("max_value").executeTakeFirstOrThrow()).resolves.toEqualTypeOf<{
    max_value: string | null;
  }>();
  void all.selectFrom("my_org_reservation").select("covers");
  // @ts-expect-error there is no such column
  void all.selectFrom("org_reservation").select("cover");
  // @ts-expect-error
  void all.updateTable("org_entitlement").set({ max_value: "9" });
});
