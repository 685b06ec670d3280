import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";

export type Connection = Database.Database;

/** Whether a commit waits for the disk: NORMAL only at a checkpoint, FULL (the driver's default) each time. */
export type Synchronous = "normal" | "full";

/** A database of its own in the folder for temporary files. */
export interface DatabaseFile {
  readonly path: string;
  /** For what is not measured: seeding, counting, putting back. */
  readonly host: Connection;
  /** A new connection, as the factory of an application would open it. */
  open(synchronous?: Synchronous): Connection;
  /** Closes every connection and deletes the file. */
  remove(): void;
}

/** The host's rows, and a limit of the host's own for what is written by hand. */
const SCHEMA = `
  create table project (id integer primary key, org_id text not null, name text not null, type text not null default 't0') strict;
  create index project_org_id on project (org_id);
  create table plan_limit (org_id text primary key, max_projects integer not null) strict;`;

export function makeFile(): DatabaseFile {
  const folder = mkdtempSync(join(tmpdir(), "entitlements-bench-"));
  const path = join(folder, "app.db");
  const opened: Connection[] = [];
  const open = (synchronous: Synchronous = "normal"): Connection => {
    const connection = connect(path, synchronous);
    opened.push(connection);
    return connection;
  };
  const host = open();
  host.exec("pragma journal_mode = wal");
  host.exec(SCHEMA);
  return {
    path,
    host,
    open,
    remove() {
      for (const connection of opened) if (connection.open) connection.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function connect(path: string, synchronous: Synchronous): Connection {
  const connection = new Database(path);
  connection.exec(`pragma synchronous = ${synchronous}`);
  return connection;
}

export const INSERT = "insert into project (org_id, name) values (?, 'Website')";

/** Gives each organisation its rows, and a limit by hand far above them. */
export function seedRows(host: Connection, orgIds: readonly string[], rowsEach: number): void {
  const limit = host.prepare("insert into plan_limit (org_id, max_projects) values (?, 1000000)");
  const rows = host.prepare(`insert into project (org_id, name, type)
    with recursive n (i) as (select 0 union all select i + 1 from n where i + 1 < ?)
    select ?, 'Website', 't' || (i % 50) from n`);
  host.exec("begin immediate");
  for (const orgId of orgIds) {
    limit.run(orgId);
    rows.run(rowsEach, orgId);
  }
  host.exec("commit");
}

/** The one number that a query answers. */
export function numberOf(connection: Connection, sql: string, ...params: unknown[]): number {
  return Number(Object.values(Object(connection.prepare(sql).get(...params)))[0]);
}

/**
 * What ends every slice of inserts: their number must be that of the grants, then they are deleted and the log is emptied,
 * so that each slice begins on the same file.
 */
export function settledRows(host: Connection): (granted: number) => Promise<void> {
  const seeded = numberOf(host, "select max(id) from project");
  const count = host.prepare("select count(*) as made from project where id > ?");
  const undo = host.prepare("delete from project where id > ?");
  return async (granted) => {
    const made = Number(Object(count.get(seeded)).made);
    if (made !== granted) throw new Error(`${granted} writes were granted, but ${made} rows are there.`);
    undo.run(seeded);
    host.exec("pragma wal_checkpoint(truncate)");
  };
}
