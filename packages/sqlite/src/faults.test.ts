import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createEntitlements } from "@x/entitlements-core";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import {
  type Connection,
  countProjects,
  createApp,
  createScratch,
  insertProject,
  project,
  resources,
} from "./fixtures/scratch.ts";

/** Every way to ask, on a file that cannot be used: each fails, none refuses, none grants. */
async function expectStorageErrors(open: () => Connection, says: RegExp): Promise<void> {
  const entitlements = createEntitlements({ adapter: createScratch().adapter({}, open), resources });
  for (const call of [
    () => entitlements.enforce(project, () => expect.fail("the function must not run")),
    () => entitlements.consume({ orgId: "acme", resourceType: "quota:credit" }),
    () => entitlements.check(project),
    () => entitlements.usage({ orgId: "acme" }),
    () => entitlements.setLimit({ ...project, limit: 1 }),
    () => entitlements.migrate(),
    () => entitlements.doctor(),
  ]) {
    const failed = call();
    await expect(failed).rejects.toMatchObject({ code: "ENTITLEMENT_STORAGE", status: 503, outcome: "rolled-back" });
    await expect(failed).rejects.toThrow(says);
  }
}

describe("a file that cannot be used is a StorageError, never a refusal and never a permission", () => {
  it("where it is no database", async () => {
    const file = join(createScratch().folder, "notes.db");
    writeFileSync(file, "These are my notes. ".repeat(500));
    await expectStorageErrors(() => new Database(file), /not an SQLite database.*SQLITE_NOTADB/s);
  });

  it("where its folder is missing", async () => {
    const file = join(createScratch().folder, "no", "app.db");
    await expectStorageErrors(() => new Database(file), /could not open the database.*its folder exists/s);
  });

  it("where it is a folder", async () => {
    const folder = join(createScratch().folder, "app.d");
    mkdirSync(folder);
    await expectStorageErrors(() => new Database(folder), /could not open the database/);
  });

  it("where the factory fails by itself", async () => {
    const failure = new TypeError("no configuration");
    await expectStorageErrors(() => {
      throw failure;
    }, /no configuration/);
  });

  it("where it is damaged", async () => {
    const { host, file, folder } = await createApp();
    host.exec("pragma wal_checkpoint(truncate)");
    const damaged = join(folder, "damaged.db");
    const bytes = readFileSync(file);
    // All but the header, which says that it is a database.
    bytes.fill(0x5a, 100);
    writeFileSync(damaged, bytes);
    await expectStorageErrors(() => new Database(damaged), /damaged.*SQLITE_CORRUPT/s);
  });

  it("where it may only be read: limits are told, writes fail before the function runs", async () => {
    const app = await createApp();
    await app.entitlements.setLimit({ ...project, limit: 3 });
    const readOnly = (): Connection => new Database(`file:${app.file}?mode=ro`);
    const entitlements = createEntitlements({ adapter: app.adapter({}, readOnly), resources });
    for (const failed of [
      entitlements.consume({ orgId: "acme", resourceType: "quota:credit" }),
      entitlements.enforce(project, () => expect.fail("the function must not run")),
    ]) {
      await expect(failed).rejects.toMatchObject({ code: "ENTITLEMENT_STORAGE", outcome: "rolled-back" });
      await expect(failed).rejects.toThrow(/read-only.*permissions/s);
    }
    expect(await entitlements.check(project)).toMatchObject({ allowed: true, limit: 3 });
  });

  it("only until it can be used: the next call tries again", async () => {
    const { file, host, adapter, entitlements } = await createApp();
    let failing = true;
    const open = (): Connection => {
      if (failing) throw new Error("too many open files");
      return new Database(file);
    };
    const another = createEntitlements({ adapter: adapter({}, open), resources });
    const insert = () => another.enforce(project, (tx) => insertProject(tx));
    await expect(insert()).rejects.toThrow(/too many open files/);
    failing = false;
    await insert();
    expect(await entitlements.check(project)).toMatchObject({ current: 1 });
    expect(countProjects(host)).toBe(1);
  });
});
