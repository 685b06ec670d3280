import { randomUUID } from "node:crypto";
import type { Selectable } from "kysely";
import type { Connection, Tables } from "./database/tables.ts";

/** A project as the API shows it. Archived ones do not count against the limit. */
export interface Project {
  readonly id: string;
  readonly name: string;
  readonly archived: boolean;
  /** ISO-8601 UTC. */
  readonly createdAt: string;
}

const COLUMNS = ["id", "name", "archived_at", "created_at"] as const;

type Row = Pick<Selectable<Tables["project"]>, (typeof COLUMNS)[number]>;

function projectOf(row: Row): Project {
  return { id: row.id, name: row.name, archived: row.archived_at !== null, createdAt: row.created_at };
}

/** Every project of the organisation, newest first. */
export async function listProjects(tx: Connection, orgId: string): Promise<readonly Project[]> {
  const ofOrganisation = tx.selectFrom("project").select(COLUMNS).where("org_id", "=", orgId);
  // Of two that were made in the same millisecond either may come first, but always the same one.
  const rows = await ofOrganisation.orderBy("created_at", "desc").orderBy("id", "desc").execute();
  return rows.map(projectOf);
}

/** The project, or null where there is none, or "foreign" where another organisation has taken the id. */
export async function findProject(tx: Connection, orgId: string, id: string): Promise<Project | "foreign" | null> {
  const found = tx
    .selectFrom("project")
    .select([...COLUMNS, "org_id"])
    .where("id", "=", id);
  const row = await found.executeTakeFirst();
  if (row === undefined) return null;
  return row.org_id === orgId ? projectOf(row) : "foreign";
}

export interface NewProject {
  readonly name: string;
  readonly id?: string;
  readonly archived?: boolean;
  readonly createdAt?: Date;
}

export async function insertProject(tx: Connection, orgId: string, project: NewProject): Promise<Project> {
  return projectOf(await insertion(tx, orgId, project).executeTakeFirstOrThrow());
}

/** null where another organisation has taken the id, if only a moment ago: it may hold a lock of its own meanwhile. */
export async function insertUntakenProject(
  tx: Connection,
  orgId: string,
  project: NewProject,
): Promise<Project | null> {
  const row = await insertion(tx, orgId, project)
    .onConflict((conflict) => conflict.column("id").doNothing())
    .executeTakeFirst();
  return row === undefined ? null : projectOf(row);
}

function insertion(
  tx: Connection,
  orgId: string,
  { name, id = randomUUID(), archived = false, createdAt = new Date() }: NewProject,
) {
  const now = createdAt.toISOString();
  return tx
    .insertInto("project")
    .values({ id, org_id: orgId, name, archived_at: archived ? now : null, created_at: now })
    .returning(COLUMNS);
}

export async function updateProject(
  tx: Connection,
  orgId: string,
  { id, name, archived }: Omit<Project, "createdAt">,
): Promise<Project> {
  const now = new Date().toISOString();
  const updated = tx
    .updateTable("project")
    .set({ name, archived_at: archived ? ({ fn, val }) => fn.coalesce("archived_at", val(now)) : null })
    .where("id", "=", id)
    .where("org_id", "=", orgId);
  return projectOf(await updated.returning(COLUMNS).executeTakeFirstOrThrow());
}

export async function deleteProjects(tx: Connection, orgId: string): Promise<void> {
  await tx.deleteFrom("project").where("org_id", "=", orgId).execute();
}
