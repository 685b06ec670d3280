import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Connection } from "./database.ts";

/** A project as the API shows it. Archived ones do not count against the limit. */
export interface Project {
  readonly id: string;
  readonly name: string;
  readonly archived: boolean;
  /** ISO-8601 UTC. */
  readonly createdAt: string;
}

const projectRow = z
  .object({ id: z.string(), name: z.string(), archived_at: z.string().nullable(), created_at: z.string() })
  .transform(
    (row): Project => ({ id: row.id, name: row.name, archived: row.archived_at !== null, createdAt: row.created_at }),
  );

const COLUMNS = "id, name, archived_at, created_at";

/** Every project of the organisation, newest first. */
export function listProjects(tx: Connection, orgId: string): readonly Project[] {
  return tx
    .prepare(`select ${COLUMNS} from project where org_id = ? order by created_at desc, rowid desc`)
    .all(orgId)
    .map((row) => projectRow.parse(row));
}

/** The project, or null where there is none, or "foreign" where another organisation has taken the id. */
export function findProject(tx: Connection, orgId: string, id: string): Project | "foreign" | null {
  const row = tx.prepare(`select ${COLUMNS}, org_id from project where id = ?`).get(id);
  if (row === undefined) return null;
  return z.object({ org_id: z.literal(orgId) }).safeParse(row).success ? projectRow.parse(row) : "foreign";
}

export interface NewProject {
  readonly name: string;
  readonly id?: string;
  readonly archived?: boolean;
  readonly createdAt?: Date;
}

export function insertProject(
  tx: Connection,
  orgId: string,
  { name, id = randomUUID(), archived = false, createdAt = new Date() }: NewProject,
): Project {
  const now = createdAt.toISOString();
  const row = tx
    .prepare(
      `insert into project (id, org_id, name, archived_at, created_at) values (?, ?, ?, ?, ?) returning ${COLUMNS}`,
    )
    .get(id, orgId, name, archived ? now : null, now);
  return projectRow.parse(row);
}

export function updateProject(
  tx: Connection,
  orgId: string,
  { id, name, archived }: Omit<Project, "createdAt">,
): Project {
  const archivedAt = archived ? "coalesce(archived_at, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))" : "null";
  const row = tx
    .prepare(
      `update project set name = ?, archived_at = ${archivedAt} where id = ? and org_id = ? returning ${COLUMNS}`,
    )
    .get(name, id, orgId);
  return projectRow.parse(row);
}

/** Deletes the newest projects that count. */
export function deleteNewestProjects(tx: Connection, orgId: string, count: number): void {
  tx.prepare(
    "delete from project where id in (select id from project where org_id = ? and archived_at is null order by created_at desc, rowid desc limit ?)",
  ).run(orgId, count);
}

export function deleteProjects(tx: Connection, orgId: string): void {
  tx.prepare("delete from project where org_id = ?").run(orgId);
}
