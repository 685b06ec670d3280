import { counted, createEntitlements, LimitReachedError } from "@x/entitlements-core";
import { describe, expect, it } from "vitest";
import {
  type Connection,
  countProjects,
  createApp,
  createScratch,
  insertProject,
  project,
  resources,
  step,
} from "./fixtures/scratch.ts";

describe("a transaction has a connection to itself", () => {
  // Fails when the adapter works on the host's connection: the host's row is then undone with ours.
  it("what the host writes meanwhile on its own connection waits for the lock and is not undone with ours", async () => {
    const { host, entitlements } = await createApp();
    const entered = step();
    const leave = step();
    const enforced = entitlements.enforce(project, async (tx) => {
      insertProject(tx);
      entered.reach();
      await leave.reached;
      throw new Error("changed my mind");
    });
    await entered.reached;
    // The host's own connection has no busy time-out, so it learns at once that somebody writes.
    expect(() => insertProject(host, "host")).toThrow(expect.objectContaining({ code: "SQLITE_BUSY" }));
    expect(host.inTransaction).toBe(false);
    leave.reach();
    await expect(enforced).rejects.toThrow("changed my mind");
    insertProject(host, "host");
    expect([countProjects(host), countProjects(host, "host")]).toEqual([0, 1]);
  });

  // Fails likewise.
  it("the host sees nothing of it before it is committed", async () => {
    const { host, entitlements } = await createApp();
    const seen = await entitlements.enforce(project, async (tx) => {
      insertProject(tx);
      await Promise.resolve();
      return countProjects(host);
    });
    expect([seen, countProjects(host)]).toEqual([0, 1]);
  });

  // Fails when the connection of a failed function is used again.
  it.each(["throws", "is refused", "is refused by another instance", "throws a refusal of its own"])(
    "when one part of a function %s, another cannot write into the next transaction",
    async (how) => {
      const { host, adapter, entitlements } = await createApp();
      const other = createEntitlements({ adapter: adapter(), resources });
      const credit = { orgId: "acme", resourceType: "quota:credit" } as const;
      await entitlements.setLimit({ ...credit, limit: 0 });
      const parts: Record<string, (tx: Connection) => Promise<unknown>> = {
        throws: () => Promise.reject(new Error("no")),
        "is refused": (tx) => entitlements.consume({ ...credit, tx }),
        "is refused by another instance": (tx) => other.consume({ ...credit, tx }),
        "throws a refusal of its own": () =>
          Promise.reject(new LimitReachedError({ ...credit, label: "Credits", current: 0, limit: 0, requested: 1 })),
      };
      const proceed = step();
      const late = step();
      const failed = entitlements.enforce(project, (tx) =>
        Promise.all([parts[how]?.(tx), proceed.reached.then(() => insertProject(tx, "late")).finally(late.reach)]),
      );
      await expect(failed).rejects.toThrow(how === "throws" ? "no" : "limit reached");
      await entitlements.enforce(project, async (tx) => {
        insertProject(tx);
        proceed.reach();
        await late.reached;
      });
      expect([countProjects(host), countProjects(host, "late")]).toEqual([1, 0]);
    },
  );

  // A loop over `iterate()` that is left early keeps libsql's statement, and with it the view of the file, until it is collected.
  // Fails when a connection that cannot begin any more is kept.
  it("a read left half-way in it does not keep later ones from writing", async () => {
    const { host, entitlements } = await createApp();
    insertMany(host, 300);
    const left: unknown[] = [];
    for (let round = 1; round <= 3; round++) {
      await entitlements.enforce(project, (tx) => left.push(leaveHalfWay(tx)));
      // Somebody else writes, so that a connection that still looks at the past may not.
      insertProject(host);
    }
    expect([countProjects(host), left.length]).toEqual([303, 3]);
  });

  // Fails when such reads share the connection of the others.
  it("a read left half-way by a `count` function does not make later answers old", async () => {
    const { host, adapter } = createScratch();
    const left: unknown[] = [];
    const count = (tx: Connection, orgId: string): number => {
      left.push(leaveHalfWay(tx));
      return countProjects(tx, orgId);
    };
    const entitlements = createEntitlements({
      adapter: adapter(),
      resources: { "quota:project": counted({ label: "Projects", count }) },
    });
    await entitlements.migrate();
    insertMany(host, 300);
    expect(await entitlements.check(project)).toMatchObject({ current: 300 });
    insertProject(host);
    expect(await entitlements.check(project)).toMatchObject({ current: 301 });
  });
});

function insertMany(connection: Connection, rows: number): void {
  connection.exec(`with recursive n (i) as (select 1 union all select i + 1 from n where i < ${rows})
    insert into project (org_id) select 'acme' from n`);
}

function leaveHalfWay(connection: Connection): unknown {
  const rows = connection.prepare("select * from project").iterate();
  rows.next();
  return rows;
}
