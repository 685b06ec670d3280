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
    async countProjects(orgId) {
      const connection = connect(file);
      try {
        return connection.prepare("select id from project where org_id = ? and archived_at is null").all(orgId).length;
      } finally {
        connection.close();
      }
    },
    async countRows() {
      const connection = connect(file);
      try {
        const tables = connection.prepare("select name from sqlite_master where type = 'table' order by name").all();
        const counts = tables.map((table) => {
          const name = String(Object(table).name);
          const { count } = Object(connection.prepare(`select count(*) as count from "${name}"`).get());
          return [name, Number(count)] as const;
        });
        return Object.fromEntries(counts);
      } finally {
        connection.close();
      }
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

function connect(file: string): Libsql.Database {
  return new Libsql(file, { timeout: 5_000 });
}
