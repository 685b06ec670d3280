import { type Kysely, sql } from "kysely";

/** The demo's own tables. Times are ISO-8601 text in UTC, which sorts and reads the same in every database. */
export interface Tables {
  organisation: { id: string; name: string };
  project: { id: string; org_id: string; name: string; archived_at: string | null; created_at: string };
}

/** What the demo's queries run on; also what the enforced functions get as `tx`. */
export type Connection = Kysely<Tables>;

/** Makes the tables that are missing; `ending` is what only one database wants after the columns. */
export async function createTables(tx: Connection, ending: "" | "strict"): Promise<void> {
  const end = sql.raw(ending);
  await sql`create table if not exists organisation (id text primary key, name text not null) ${end}`.execute(tx);
  await sql`create table if not exists project (
    id text primary key,
    org_id text not null references organisation (id),
    name text not null check (length(name) between 1 and 100),
    archived_at text,
    created_at text not null
  ) ${end}`.execute(tx);
  await sql`create index if not exists project_org_id_idx on project (org_id)`.execute(tx);
}
