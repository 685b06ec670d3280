import { setImmediate as turn } from "node:timers/promises";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { createDatabase, type TestDatabase } from "../fixtures/database.ts";

type Row = Readonly<Record<string, unknown>>;

/** One session of the database, in which steps are taken one after the other. */
export interface Session {
  /** Runs a statement to its end. Of several in one message the last one's rows are returned. */
  run(sql: string, params?: readonly unknown[]): Promise<readonly Row[]>;
  /** The one value that a statement answers. */
  value(sql: string, params?: readonly unknown[]): Promise<unknown>;
  /**
   * Runs a statement that has to wait for another session's lock. Resolves when the server shows it waiting, with the
   * answer to come. Throws if it does not wait.
   */
  waits(sql: string, params?: readonly unknown[]): Promise<{ readonly answer: Promise<readonly Row[]> }>;
}

/** What the tests of one file share: a database of its own, whose tables are made anew before each test. */
export interface Stage {
  /** A new session, closed after the test. */
  session(options?: pg.ClientConfig): Promise<Session>;
}

/** The limit of acme is 10, and 9 of its items are there: one is free. */
export const schema = `
  create table org_limit (org text primary key, lim int, used int not null default 0);
  insert into org_limit values ('acme', 10, 9), ('globex', 10, 9), ('door', 10, 9);
  create table item (id serial primary key, org text not null);
  insert into item (org) select 'acme' from generate_series(1, 9);`;

export const lockRow = "select lim from org_limit where org = 'acme' for update";
export const countItems = "select count(*)::int from item where org = 'acme'";
export const insertItem = "insert into item (org) values ('acme')";

export function setStage(tables: string = schema): Stage {
  let database: TestDatabase;
  let observer: pg.Client;
  let sessions: pg.Client[] = [];

  const connect = async (options?: pg.ClientConfig): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: database.url, ...options });
    await client.connect();
    return client;
  };
  beforeAll(async () => {
    database = await createDatabase();
    observer = await connect();
  });
  beforeEach(async () => {
    await observer.query(`drop schema if exists public cascade; create schema public; ${tables}`);
  });
  afterEach(async () => {
    // A test that failed half way leaves a session waiting, which says no goodbye before its turn comes.
    await observer.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    );
    await Promise.all(sessions.map((client) => client.end()));
    sessions = [];
  });
  afterAll(async () => {
    await observer?.end();
    await database?.remove();
  });

  const isWaiting = async (pid: unknown): Promise<boolean> => {
    const { rows } = await observer.query(
      "select wait_event_type = 'Lock' as waiting from pg_stat_activity where pid = $1",
      [pid],
    );
    return rows[0]?.waiting === true;
  };

  return {
    async session(options) {
      const client = await connect(options);
      client.on("error", () => {});
      sessions.push(client);
      const run = async (sql: string, params: readonly unknown[] = []): Promise<readonly Row[]> => {
        const result = await (params.length > 0 ? client.query(sql, [...params]) : client.query(sql));
        return (Array.isArray(result) ? result.at(-1) : result).rows;
      };
      const value = async (sql: string, params?: readonly unknown[]): Promise<unknown> =>
        Object.values((await run(sql, params))[0] ?? {})[0];
      const pid = await value("select pg_backend_pid()");
      return {
        run,
        value,
        async waits(sql, params) {
          let over = false;
          const answer = run(sql, params);
          const end = (): void => {
            over = true;
          };
          answer.then(end, end);
          while (!(await isWaiting(pid))) {
            // A statement that fails says so itself.
            if (over)
              throw new Error(`It did not wait for a lock, but answered ${JSON.stringify(await answer)}: ${sql}`);
            await turn();
          }
          return { answer };
        },
      };
    },
  };
}
