import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, inject, onTestFinished } from "vitest";
import type { TestDatabase } from "./databases.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A database of the server that the whole run uses, from which others are made. */
    readonly serverUrl: string;
  }
}

export interface PostgresTestDatabase extends TestDatabase {
  /** Keeps the lock that the statement takes until the function that it resolves to is called. */
  hold(sql: string): Promise<() => Promise<void>>;
}

type Row = Readonly<Record<string, unknown>>;

// Databases of this test file that nobody uses at the moment: making one costs many times what emptying one does.
const free: string[] = [];
const made: string[] = [];

afterAll(async () => {
  for (const name of made) await query(inject("serverUrl"), `drop database if exists ${name} with (force)`);
});

/** An empty database on the server of the run that no other test uses meanwhile. */
export async function createPostgresDatabase(): Promise<PostgresTestDatabase> {
  const name = free.pop() ?? (await create());
  const url = urlOf(name);
  await query(url, "drop schema public cascade; create schema public");
  onTestFinished(() => void free.push(name));
  return {
    settings: { url },
    environment: { DATABASE_URL: url },
    rows: (sql) => query(url, sql),
    run: async (sql) => void (await query(url, sql)),
    async countProjects(orgId) {
      const counted = `select id from project where org_id = ${pg.escapeLiteral(orgId)} and archived_at is null`;
      return (await query(url, counted)).length;
    },
    async countRows() {
      const tables = await query(url, "select relname as name from pg_stat_user_tables order by relname");
      const counts: Record<string, number> = {};
      for (const { name } of tables) {
        const [row] = await query(url, `select count(*) as count from ${pg.escapeIdentifier(String(name))}`);
        counts[String(name)] = Number(row?.["count"]);
      }
      return counts;
    },
    hold: (sql) => hold(url, sql),
    // Everybody may still count.
    holdWriters: () => hold(url, "lock table project in share mode"),
  };
}

async function hold(url: string, sql: string): Promise<() => Promise<void>> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`begin; ${sql}`);
  return () => client.end();
}

async function create(): Promise<string> {
  const name = `entitlements_demo_${randomBytes(6).toString("hex")}`;
  // template0 takes no connections, so nobody's connection stands in the way.
  await query(inject("serverUrl"), `create database ${name} template template0`);
  made.push(name);
  return name;
}

function urlOf(database: string): string {
  const url = new URL(inject("serverUrl"));
  url.pathname = database;
  return url.href;
}

/** Runs statements on a connection of their own; the rows of the only one. */
export async function query(url: string, sql: string): Promise<readonly Row[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
