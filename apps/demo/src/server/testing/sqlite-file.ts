import { join } from "node:path";
import Libsql from "libsql";
import type { TestDatabase } from "./databases.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A database in a file of its own that is made by whoever opens it first, and gone after the test. */
export async function createSqliteFile(): Promise<TestDatabase> {
  const file = join(await temporaryFolder(), "demo.db");
  return {
    settings: { file },
    environment: { DATABASE_FILE: file },
    run: async (sql) => changeFile(file, sql),
    rows: async (sql) => rows(file, sql),
    async countProjects(orgId) {
      return rows(file, "select id from project where org_id = ? and archived_at is null", orgId).length;
    },
    async countRows() {
      const tables = rows(file, "select name from sqlite_master where type = 'table' order by name");
      const counts = tables.map(({ name }) => [name, rows(file, `select 1 from "${name}"`).length] as const);
      return Object.fromEntries(counts);
    },
    async holdWriters() {
      const connection = connect(file);
      connection.exec("begin immediate");
      return async () => {
        connection.exec("rollback");
        connection.close();
      };
    },
  };
}

/** Changes a file past the demo. */
export function changeFile(file: string, sql: string): void {
  const connection = connect(file);
  connection.exec(sql);
  connection.close();
}

function rows(file: string, sql: string, ...values: readonly unknown[]) {
  const connection = connect(file);
  try {
    return connection
      .prepare(sql)
      .all(...values)
      .map((row): Readonly<Record<string, unknown>> => Object(row));
  } finally {
    connection.close();
  }
}

function connect(file: string): Libsql.Database {
  return new Libsql(file, { timeout: 5_000 });
}
