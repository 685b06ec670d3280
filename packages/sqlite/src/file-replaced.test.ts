import { copyFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkpoint } from "./fixtures/checkpoint.ts";
import { type App, countProjects, createApp, insertProject, project } from "./fixtures/scratch.ts";

const insert = ({ entitlements }: App) => entitlements.enforce(project, (tx) => insertProject(tx));

function remove({ file }: App): void {
  for (const part of ["", "-wal", "-shm"]) rmSync(`${file}${part}`, { force: true });
}

/** An application that has written and read, so that it holds connections to its file. */
async function running(): Promise<App> {
  const app = await createApp();
  await app.entitlements.setLimit({ ...project, limit: 3 });
  await insert(app);
  expect(await app.entitlements.check(project)).toMatchObject({ current: 1 });
  expect(countProjects(app.host)).toBe(1);
  return app;
}

// All fail without hasLostItsFile in lane.ts: the application then goes on granting in the file that is gone.
describe("a file that is taken away while the application runs", () => {
  it("is not written to any more: deleted, the application says that the tables are missing, as a new process would", async () => {
    const app = await running();
    remove(app);
    const missing = { code: "ENTITLEMENT_CONFIGURATION" };
    await expect(app.entitlements.enforce(project, () => expect.fail("must not run"))).rejects.toMatchObject(missing);
    await expect(app.entitlements.check(project)).rejects.toMatchObject(missing);
    await expect(app.entitlements.setLimit({ ...project, limit: 9 })).rejects.toMatchObject(missing);
    // What the old connection of the host's still sees: nothing was granted there.
    expect(countProjects(app.host)).toBe(1);
  });

  it("is used again as soon as its tables are made anew, with nothing left of the old limits and counts", async () => {
    const app = await running();
    remove(app);
    app.open().exec("create table project (id integer primary key, org_id text not null) strict");
    await app.entitlements.migrate();
    await app.entitlements.setLimit({ ...project, limit: 1 });
    await insert(app);
    await expect(insert(app)).rejects.toMatchObject({ code: "ENTITLEMENT_LIMIT_REACHED", limit: 1, current: 1 });
    expect(countProjects(app.open())).toBe(1);
    expect(countProjects(app.host)).toBe(1);
  });

  it("is followed where it is replaced by a backup: limit and count are the backup's from the next call on", async () => {
    const app = await running();
    checkpoint(app);
    const backup = join(app.folder, "backup.db");
    copyFileSync(app.file, backup);
    await app.entitlements.setLimit({ ...project, limit: 9 });
    await insert(app);
    await insert(app);
    remove(app);
    renameSync(backup, app.file);
    expect(await app.entitlements.check(project)).toMatchObject({ current: 1, limit: 3 });
    await insert(app);
    await insert(app);
    await expect(insert(app)).rejects.toMatchObject({ code: "ENTITLEMENT_LIMIT_REACHED", limit: 3, current: 3 });
    expect(countProjects(app.open())).toBe(3);
  });

  it("is found again where it was only moved away for a while", async () => {
    const app = await running();
    const elsewhere = join(app.folder, "elsewhere.db");
    checkpoint(app);
    renameSync(app.file, elsewhere);
    await expect(insert(app)).rejects.toMatchObject({ code: "ENTITLEMENT_CONFIGURATION" });
    remove(app);
    renameSync(elsewhere, app.file);
    await insert(app);
    expect(countProjects(app.open())).toBe(2);
  });
});
