import { setTimeout as sleep } from "node:timers/promises";
import { type Connection, INSERT } from "./file.ts";

/** A transaction of the host's own on a connection that nothing else uses: synchronous, as the driver is. */
export type ByHand = (orgId: string) => void;

interface Executes {
  exec(sql: string): unknown;
}

/** The insert alone, limited by nothing. The fastest way to say it with this driver: `exec` for BEGIN and COMMIT. */
export function plainInsert(connection: Connection): ByHand {
  const insert = connection.prepare(INSERT);
  return (orgId) => inTransaction(connection, () => insert.run(orgId));
}

/** What a careful host writes itself: lock, read the limit, count, decide, insert. */
export function limitedInsert(connection: Executes & Pick<Connection, "prepare">): ByHand {
  const insert = connection.prepare(INSERT);
  const limit = connection.prepare("select max_projects from plan_limit where org_id = ?");
  const count = connection.prepare("select count(*) as current from project where org_id = ?");
  return (orgId) =>
    inTransaction(connection, () => {
      const allowed = Number(Object(limit.get(orgId)).max_projects);
      const current = Number(Object(count.get(orgId)).current);
      if (current >= allowed) throw new Error("full");
      insert.run(orgId);
    });
}

function inTransaction(connection: Executes, work: () => void): void {
  connection.exec("begin immediate");
  try {
    work();
    connection.exec("commit");
  } catch (error) {
    connection.exec("rollback");
    throw error;
  }
}

/**
 * What each of several callers with connections of their own does where the transaction spans an `await`: it tries again
 * while another one holds the lock. The driver's own waiting would block the event loop, and so wait for itself.
 */
export function insertBetweenAwaits(connection: Connection): (orgId: string) => Promise<void> {
  const insert = connection.prepare(INSERT);
  return async (orgId) => {
    while (!begun(connection)) await sleep(1 + Math.random() * 3);
    insert.run(orgId);
    await Promise.resolve();
    connection.exec("commit");
  };
}

function begun(connection: Connection): boolean {
  try {
    connection.exec("begin immediate");
    return true;
  } catch (error) {
    if (Object(error).code === "SQLITE_BUSY") return false;
    throw error;
  }
}
