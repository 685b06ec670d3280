import Database from "libsql";
import { describe, expect, it } from "vitest";
import { countProjects, createApp, insertProject, project } from "./fixtures/scratch.ts";

const ended = { code: "ENTITLEMENT_CONFIGURATION", message: expect.stringContaining("COMMIT or ROLLBACK") };

describe("what the function throws", () => {
  it.each([
    ["an error", new Error("no")],
    ["a text", "no"],
    ["nothing", undefined],
    ["null", null],
    ["what looks like the driver's", { code: "SQLITE_BUSY" }],
  ])("comes out as it is: %s", async (_what, thrown) => {
    const { host, entitlements } = await createApp();
    const failed = entitlements.enforce(project, (tx) => {
      insertProject(tx);
      throw thrown;
    });
    expect(
      await failed.then(
        () => "fulfilled",
        (reason) => reason,
      ),
    ).toBe(thrown);
    expect(countProjects(host)).toBe(0);
  });

  it("comes out as the driver made it: a constraint of the host's own", async () => {
    const { host, entitlements } = await createApp();
    const failed = entitlements.enforce(project, (tx) => {
      insertProject(tx);
      tx.prepare("insert into project (org_id) values (null)").run();
    });
    await expect(failed).rejects.toBeInstanceOf(Database.SqliteError);
    await expect(failed).rejects.toMatchObject({ code: "SQLITE_CONSTRAINT_NOTNULL" });
    expect(countProjects(host)).toBe(0);
  });

  it("comes out as the driver made it, also where it appears at COMMIT: a deferred foreign key", async () => {
    const { host, entitlements } = await createApp();
    host.exec(`create table task (id integer primary key, project_id integer not null
      references project (id) deferrable initially deferred) strict`);
    const failed = entitlements.enforce(project, (tx) => {
      insertProject(tx);
      tx.exec("insert into task (project_id) values (4711)");
    });
    await expect(failed).rejects.toBeInstanceOf(Database.SqliteError);
    await expect(failed).rejects.toMatchObject({ code: "SQLITE_CONSTRAINT_FOREIGNKEY" });
    expect(countProjects(host)).toBe(0);
    await entitlements.enforce(project, (tx) => insertProject(tx));
    expect(countProjects(host)).toBe(1);
  });
});

describe("a function that ends the transaction itself", () => {
  // Fails without the savepoint around it: the claim would be undone with the first, and the write committed with the second.
  it.each(["rollback; begin immediate", "rollback; begin", "commit; begin immediate"])(
    "and begins another one in its place is told so, and that one is undone: %s",
    async (statements) => {
      const { host, entitlements } = await createApp();
      const credit = { orgId: "acme", resourceType: "quota:credit" } as const;
      const failed = entitlements.enforce(credit, (tx) => {
        tx.exec(statements);
        insertProject(tx);
      });
      await expect(failed).rejects.toMatchObject(ended);
      expect(countProjects(host)).toBe(0);
      await entitlements.consume(credit);
    },
  );

  it.each(["commit", "rollback", "end"])("is told so: %s", async (statement) => {
    const { entitlements } = await createApp();
    await expect(entitlements.enforce(project, (tx) => tx.exec(statement))).rejects.toMatchObject(ended);
    // The next one is not affected.
    await entitlements.enforce(project, (tx) => insertProject(tx));
  });

  it("is told so where SQLite has undone it because of an error that the function swallowed", async () => {
    const { host, entitlements } = await createApp();
    host.exec("create unique index one_each on project (org_id)");
    const failed = entitlements.enforce(project, (tx) => {
      insertProject(tx);
      try {
        tx.exec("insert or rollback into project (org_id) values ('acme')");
      } catch {}
    });
    await expect(failed).rejects.toMatchObject(ended);
    expect(countProjects(host)).toBe(0);
  });

  it("is told so where it closed the connection, and the lock is free again at once", async () => {
    const { host, entitlements } = await createApp();
    const failed = entitlements.enforce(project, (tx) => {
      insertProject(tx);
      tx.close();
    });
    await expect(failed).rejects.toMatchObject({ code: "ENTITLEMENT_CONFIGURATION" });
    insertProject(host);
    expect(countProjects(host)).toBe(1);
  });
});
