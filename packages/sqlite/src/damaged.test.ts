import { closeSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createEntitlements } from "@x/entitlements-core";
import Database from "libsql";
import { afterEach, describe, expect, it } from "vitest";
import { claimBoth, exactly } from "./fixtures/accounts.ts";
import { checkpoint } from "./fixtures/checkpoint.ts";
import { type App, createApp, numberOf, project, resources } from "./fixtures/scratch.ts";
import { endVictims, runVictim } from "./fixtures/victims.ts";

afterEach(endVictims);

const PAGE = 4_096;

/** Overwrites a part of a file in place, as whoever has it open will find it. */
function overwrite(file: string, from: number, bytes: Buffer): void {
  const descriptor = openSync(file, "r+");
  writeSync(descriptor, bytes, 0, bytes.length, from);
  closeSync(descriptor);
}

const junk = (length: number): Buffer => Buffer.alloc(length, 0x5a);

/** What happens to a file, and what SQLite calls that. */
const damages = [
  ["is cut off after its first page", (file: string) => truncateSync(file, PAGE), /SQLITE_(CORRUPT|IOERR_SHORT_READ)/],
  ["loses its header", (file: string) => overwrite(file, 0, junk(100)), /SQLITE_NOTADB/],
  ["is overwritten as a whole", (file: string) => overwrite(file, 0, junk(readFileSync(file).length)), /SQLITE_NOTADB/],
  [
    "loses all but its header",
    (file: string) => overwrite(file, 100, junk(readFileSync(file).length - 100)),
    /SQLITE_CORRUPT/,
  ],
] as const;

async function running(): Promise<App> {
  const app = await createApp();
  await app.entitlements.setLimit({ ...project, limit: 3 });
  await claimBoth(app.entitlements);
  await app.entitlements.check(project);
  checkpoint(app);
  return app;
}

async function expectStorageErrors(entitlements: App["entitlements"], says: RegExp): Promise<void> {
  for (const call of [
    () => entitlements.enforce(project, () => expect.fail("the function must not run")),
    () => entitlements.consume({ orgId: "acme", resourceType: "quota:credit" }),
    () => entitlements.setLimit({ ...project, limit: 9 }),
    () => entitlements.check(project),
  ]) {
    const failed = call();
    await expect(failed).rejects.toMatchObject({ code: "ENTITLEMENT_STORAGE", outcome: "rolled-back" });
    await expect(failed).rejects.toThrow(says);
  }
}

// Fails where session.ts and lane.ts do not translate what the driver throws, and where a connection that failed is kept.
describe("a file that is damaged is a StorageError, never a refusal and never a permission", () => {
  it.each(damages)("which %s while it is closed", async (_what, damage, says) => {
    const { file, folder, adapter } = await running();
    const copy = join(folder, "copy.db");
    writeFileSync(copy, readFileSync(file));
    damage(copy);
    await expectStorageErrors(createEntitlements({ adapter: adapter({}, () => new Database(copy)), resources }), says);
  });

  it.each(damages)(
    "which %s while it is open, until the backup is written over it: then all is as it was",
    async (_what, damage, says) => {
      const app = await running();
      const backup = readFileSync(app.file);
      damage(app.file);
      await expectStorageErrors(app.entitlements, says);
      overwrite(app.file, 0, backup);
      expect(await app.entitlements.check(project)).toMatchObject({ current: 1, limit: 3 });
      await claimBoth(app.entitlements);
      expect(await runVictim("claim", app.file)).toMatchObject({ answer: "granted" });
      await expect(claimBoth(app.entitlements)).rejects.toMatchObject({
        code: "ENTITLEMENT_LIMIT_REACHED",
        current: 3,
      });
      expect(exactly(app.open())).toBe(3);
    },
  );

  it("where only the table of the host's is damaged: nothing is granted that could not be counted, limits are kept", async () => {
    const app = await running();
    const page = numberOf(app.open(), "select rootpage from sqlite_schema where name = 'project_org_id'");
    const copy = join(app.folder, "copy.db");
    writeFileSync(copy, readFileSync(app.file));
    overwrite(copy, (page - 1) * PAGE, junk(PAGE));
    const entitlements = createEntitlements({ adapter: app.adapter({}, () => new Database(copy)), resources });
    const failed = entitlements.enforce(project, () => expect.fail("must not run"));
    await expect(failed).rejects.toMatchObject({ code: "ENTITLEMENT_STORAGE", outcome: "rolled-back" });
    await expect(failed).rejects.toThrow(/damaged.*SQLITE_CORRUPT/);
    // What does not touch that table goes on.
    await entitlements.setLimit({ ...project, limit: 9 });
    await entitlements.consume({ orgId: "acme", resourceType: "quota:credit" });
  });
});

describe("a log that is deleted while the application runs", () => {
  // This is SQLite's doing: who comes later does not find what the index says is in the log, and must not take that for an
  // empty count.
  it("is a StorageError for whoever comes later; those who have it open stay exact", async () => {
    const { file, host, entitlements } = await createApp();
    await entitlements.setLimit({ ...project, limit: 3 });
    await claimBoth(entitlements);
    expect(await entitlements.check(project)).toMatchObject({ current: 1 });
    expect(exactly(host)).toBe(1);
    rmSync(`${file}-wal`);
    await claimBoth(entitlements);
    const { answer } = await runVictim("claim", file);
    expect(answer).toMatchObject({ code: "ENTITLEMENT_STORAGE", outcome: "rolled-back" });
    expect(await entitlements.check(project)).toMatchObject({ current: 2 });
    await claimBoth(entitlements);
    await expect(claimBoth(entitlements)).rejects.toMatchObject({ code: "ENTITLEMENT_LIMIT_REACHED", current: 3 });
    expect(exactly(host)).toBe(3);
  });
});
