// What hosts of the other drivers would write: compiled, in an empty project, against the packed tarballs.
import { createClient } from "@libsql/client";
import { counter, createEntitlements } from "@x/entitlements-core";
import { sqliteAdapter } from "@x/entitlements-sqlite";
import { fromBetterSqlite3 } from "@x/entitlements-sqlite/better-sqlite3";
import { fromDrizzle } from "@x/entitlements-sqlite/drizzle";
import { fromKysely } from "@x/entitlements-sqlite/kysely";
import { fromLibsqlClient } from "@x/entitlements-sqlite/libsql-client";
import BetterSqlite3 from "better-sqlite3";
import { drizzle as drizzleOnBetterSqlite3 } from "drizzle-orm/better-sqlite3";
import { drizzle as drizzleOnLibsql } from "drizzle-orm/libsql";
import { Kysely, SqliteDialect } from "kysely";
import Database from "libsql";

interface Tables {
  project: { id: number };
}

const onBetterSqlite3 = sqliteAdapter(fromBetterSqlite3(() => new BetterSqlite3("app.db")));
const onClient = sqliteAdapter(fromLibsqlClient(() => createClient({ url: "file:app.db" })));
const onDrizzle = sqliteAdapter(fromDrizzle(() => drizzleOnBetterSqlite3(new BetterSqlite3("app.db"))));
const onDrizzleLibsql = sqliteAdapter(fromDrizzle(() => drizzleOnLibsql({ connection: "file:app.db" })));
const open = (database: BetterSqlite3.Database | Database.Database) =>
  new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
const onKysely = sqliteAdapter(fromKysely(() => open(new BetterSqlite3("app.db"))));
const onKyselyLibsql = sqliteAdapter(fromKysely(() => open(new Database("app.db"))));

export const written = [
  onBetterSqlite3.transaction((tx) => tx.prepare("insert into project default values").run().changes),
  onClient.transaction(async (tx) => (await tx.execute("insert into project default values")).rowsAffected),
  onDrizzle.transaction((tx) => tx.run("insert into project default values").changes),
  onDrizzleLibsql.transaction(async (tx) => (await tx.run("insert into project default values")).rowsAffected),
  onKyselyLibsql.transaction((tx) => tx.insertInto("project").values({ id: 1 }).execute()),
];

const { consume } = createEntitlements({
  adapter: onKysely,
  resources: { "quota:project": counter({ label: "Projects" }) },
});
const project = { orgId: "acme", resourceType: "quota:project" } as const;
// A transaction of the host's own is joined as it is; that of another driver does not compile.
export const joined = open(new Database("app.db"))
  .transaction()
  .execute((tx) => consume({ ...project, tx }));
// @ts-expect-error: it is better-sqlite3's
export const refused = () => consume({ ...project, tx: new BetterSqlite3("app.db") });
