import { randomBytes } from "node:crypto";
import { Client, Pool } from "pg";
import { type BenchServer, benchServer } from "./server.ts";

/** As many connections as an application's pool has where nothing else is said. */
const POOL_SIZE = 10;

/** A database of a question's own, and the pools that a question opened on it. */
export interface Database {
  readonly server: BenchServer;
  /** For what is not measured: seeding, counting, putting back. */
  readonly host: Pool;
  /** A new pool, of another size or through another port where that is said. */
  pool(options?: { readonly max?: number; readonly port?: number }): Pool;
  /** Ends the pools and drops the database. */
  remove(): Promise<void>;
}

/** The host's rows, and a limit of the host's own for what is written by hand. */
const SCHEMA = `
  create table project (
    id bigint generated always as identity primary key,
    org_id text not null, name text not null, type text not null default 't0'
  );
  create index project_org_id on project (org_id);
  create table plan_limit (org_id text primary key, max_projects integer not null);`;

export const INSERT = "insert into project (org_id, name) values ($1, 'Website')";

export async function makeDatabase(): Promise<Database> {
  const server = await benchServer();
  const name = `entitlements_bench_${randomBytes(6).toString("hex")}`;
  await maintain(server, `create database ${name}`);
  const opened: Pool[] = [];
  const pool: Database["pool"] = ({ max = POOL_SIZE, port } = {}) => {
    const url = new URL(server.url(name));
    if (port !== undefined) url.port = String(port);
    const made = new Pool({ connectionString: url.href, max, idleTimeoutMillis: 0 });
    // A server that goes away fails the query that is under way as well.
    made.on("error", () => {});
    opened.push(made);
    return made;
  };
  const host = pool();
  await host.query(SCHEMA);
  return {
    server,
    host,
    pool,
    async remove() {
      await Promise.all(opened.map((made) => made.end()));
      await maintain(server, `drop database ${name} (force)`);
    },
  };
}

async function maintain(server: BenchServer, sql: string): Promise<void> {
  const client = new Client({ connectionString: server.url("postgres") });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Gives each organisation its rows, and a limit by hand, so high that nothing is refused unless one is given. */
export async function seedRows(
  host: Pool,
  orgIds: readonly string[],
  rowsEach: number,
  limit = 1_000_000,
): Promise<void> {
  await host.query(
    "insert into plan_limit (org_id, max_projects) select org_id, $2 from unnest($1::text[]) as org_id",
    [...[orgIds, limit]],
  );
  await host.query(
    `insert into project (org_id, name, type)
     select org_id, 'Website', 't' || ((i - 1) % 50) from generate_series(1, $2::integer) as i, unnest($1::text[]) as org_id`,
    [orgIds, rowsEach],
  );
}

/**
 * What ends every slice of inserts: their number must be that of the grants, then they are deleted and swept, so that
 * each slice begins on the same tables.
 */
export async function settledRows(host: Pool): Promise<(granted: number) => Promise<void>> {
  await host.query("vacuum analyze");
  const { rows } = await host.query("select max(id) as seeded from project");
  const seeded = Object(rows[0])["seeded"];
  return async (granted) => {
    const { rowCount: made } = await host.query("delete from project where id > $1", [seeded]);
    if (made !== granted) throw new Error(`${granted} writes were granted, but ${made} rows are there.`);
    await host.query("vacuum project");
  };
}
