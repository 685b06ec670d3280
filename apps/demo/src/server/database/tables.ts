import { getMigrations } from "better-auth/db/migration";
import { organization } from "better-auth/plugins/organization";
import { type ColumnType, type Kysely, sql } from "kysely";

/** A time that better-auth keeps: each database gives it back in a form of its own. */
type Time = ColumnType<string | Date, string, never>;

/**
 * The tables that the demo's own queries use: its own, and of better-auth's what they look at. Times of the demo's own are
 * ISO-8601 text in UTC, which sorts and reads the same in every database.
 */
export interface Tables {
  user: { id: string; name: string; email: string };
  organization: { id: string; name: string; slug: string; createdAt: string };
  member: { id: string; organizationId: string; userId: string; role: string; createdAt: Time };
  invitation: { id: string; organizationId: string; email: string; role: string; status: string; expiresAt: Time };
  api_key: { id: string; org_id: string; name: string; prefix: string; created_at: string };
  project: { id: string; org_id: string; name: string; archived_at: string | null; created_at: string };
  race_run: { id: string; org_id: string; ends_by: string };
  demo_setting: { name: string; value: string };
}

/** What the demo's queries run on; also what the enforced functions get as `tx`. */
export type Connection = Kysely<Tables>;

export type DatabaseType = "sqlite" | "postgres";

/** Makes the tables that are missing, better-auth's first. */
export async function createTables(tx: Connection, type: DatabaseType): Promise<void> {
  const { runMigrations } = await getMigrations({
    database: { db: tx, type },
    plugins: [organization()],
    rateLimit: { storage: "database" },
  });
  await runMigrations();
  const end = sql.raw(type === "sqlite" ? "strict" : "");
  await sql`create table if not exists project (
    id text primary key,
    org_id text not null references organization (id) on delete cascade,
    name text not null check (length(name) between 1 and 100),
    archived_at text,
    created_at text not null
  ) ${end}`.execute(tx);
  await sql`create index if not exists project_org_id_idx on project (org_id)`.execute(tx);
  await sql`create table if not exists api_key (
    id text primary key,
    org_id text not null references organization (id) on delete cascade,
    name text not null check (length(name) between 1 and 100),
    prefix text not null,
    created_at text not null
  ) ${end}`.execute(tx);
  await sql`create index if not exists api_key_org_id_idx on api_key (org_id)`.execute(tx);
  // What a race has made is found by this again, also after a crash: its organisation has the id of the run.
  await sql`create table if not exists race_run (
    id text primary key,
    org_id text not null unique,
    ends_by text not null
  ) ${end}`.execute(tx);
  // What better-auth leaves open, and the doctor of the entitlements would say.
  await sql`create unique index if not exists member_once on member ("organizationId", "userId")`.execute(tx);
  await sql`create table if not exists demo_setting (name text primary key, value text not null) ${end}`.execute(tx);
}
