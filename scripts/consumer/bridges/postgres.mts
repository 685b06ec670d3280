// What hosts on PostgreSQL would write: compiled, in an empty project, against the packed tarballs.
import { counter, createEntitlements } from "@x/entitlements-core";
import { postgresAdapter } from "@x/entitlements-postgres";
import { fromDrizzle } from "@x/entitlements-postgres/drizzle";
import { entitlementsTables } from "@x/entitlements-postgres/drizzle-schema";
import { type EntitlementsDatabase, fromKysely } from "@x/entitlements-postgres/kysely";
import { fromPg } from "@x/entitlements-postgres/pg";
import { fromPostgresJs } from "@x/entitlements-postgres/postgres-js";
import { drizzle as drizzleOnPg } from "drizzle-orm/node-postgres";
import { drizzle as drizzleOnPostgresJs } from "drizzle-orm/postgres-js";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import postgres from "postgres";

interface Tables extends EntitlementsDatabase {
  project: { name: string };
}

const resources = { "quota:project": counter({ label: "Projects" }) };
const project = { orgId: "acme", resourceType: "quota:project" } as const;
const pool = new pg.Pool();
const sql = postgres();
const db = drizzleOnPg(pool);
const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
const insert = "insert into project default values";

export const written = [
  createEntitlements({ adapter: postgresAdapter(fromPg(pool)), resources }).enforce(project, (tx) => tx.query(insert)),
  createEntitlements({ adapter: postgresAdapter(fromPostgresJs(sql)), resources }).enforce(
    project,
    (tx) => tx`insert into project ${tx({ name: "x" })}`,
  ),
  createEntitlements({ adapter: postgresAdapter(fromDrizzle(db)), resources }).enforce(project, (tx) =>
    tx.execute(insert),
  ),
  createEntitlements({ adapter: postgresAdapter(fromDrizzle(drizzleOnPostgresJs(sql))), resources }).enforce(
    project,
    (tx) => tx.execute(insert),
  ),
  createEntitlements({ adapter: postgresAdapter(fromKysely(kysely)), resources }).enforce(project, (tx) =>
    tx.insertInto("project").values({ name: "x" }).execute(),
  ),
];
export const limits = [
  db.select().from(entitlementsTables({ schema: "billing" }).orgEntitlement),
  kysely.selectFrom("org_entitlement").select("max_value").execute(),
];
