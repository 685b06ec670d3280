import { getMigrations } from "better-auth/db/migration";
import { organization } from "better-auth/plugins/organization";
import { type Kysely, sql } from "kysely";

/**
 * The tables that the demo's own queries use: its own, and of better-auth's what they look at. Times are ISO-8601 text in
 * UTC, which sorts and reads the same in every database.
 */
export interface Tables {
  organization: { id: string; name: string; slug: string; createdAt: string };
  member: { id: string; organizationId: string; userId: string; role: string };
  project: { id: string; org_id: string; name: string; archived_at: string | null; created_at: string };
  demo_setting: { name: string; value: string };
}

/** What the demo's queries run on; also what the enforced functions get as `tx`. */
export type Connection = Kysely<Tables>;

export type DatabaseType = "sqlite" | "postgres";

/** Makes the tables that are missing, better-auth's first. */
export async function createTables(tx: Connection, type: DatabaseType): Promise<void> {
  const { runMigrations } = await getMigrations({ database: { db: tx, type }, plugins: [organization()] });
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
  // What better-auth leaves open, and the doctor of the entitlements would say.
  await sql`create unique index if not exists member_once on member ("organizationId", "userId")`.execute(tx);
  await sql`create table if not exists demo_setting (name text primary key, value text not null) ${end}`.execute(tx);
}
