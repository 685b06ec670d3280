import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEntitlements } from "@x/entitlements-core";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import { both, claimBoth, exactly } from "./fixtures/accounts.ts";
import { checkpoint } from "./fixtures/checkpoint.ts";
import { type Connection, countProjects, createApp, numberOf, project, resources } from "./fixtures/scratch.ts";
import { runVictim } from "./fixtures/victims.ts";

/** An application with one project and one credit, and another one on its file for which the disk is full until it is freed. */
async function full() {
  const app = await createApp();
  app.host.exec("create table note (bytes blob)");
  await claimBoth(app.entitlements);
  checkpoint(app);
  let pages: number | null = numberOf(app.open(), "pragma page_count");
  const connections: Connection[] = [];
  const open = (): Connection => {
    const connection = new Database(app.file);
    connections.push(connection);
    // SQLite's own way to run out of space: what does not fit into this many pages is SQLITE_FULL.
    if (pages !== null) connection.exec(`pragma max_page_count = ${pages}`);
    return connection;
  };
  const entitlements = createEntitlements({ adapter: app.adapter({}, open), resources });
  return {
    ...app,
    entitlements,
    free: () => {
      pages = null;
      // Those on which a function has thrown are not used again, and take no statements.
      for (const connection of connections)
        if (connection.open && !Object.hasOwn(connection, "exec")) unlimit(connection);
    },
  };
}

const unlimit = (connection: Connection) => connection.exec("pragma max_page_count = 1000000");

const large = (tx: Connection): void => {
  tx.prepare("insert into note values (zeroblob(100000))").run();
};

describe("a disk that is full", () => {
  // Fails where what the host's function throws is translated, and where a connection without its transaction is kept.
  it("when the host writes: its own error as the driver made it, nothing is left, and the rest goes on", async () => {
    const { host, entitlements, free } = await full();
    const failed = entitlements.enforce(both, large);
    await expect(failed).rejects.toBeInstanceOf(Database.SqliteError);
    await expect(failed).rejects.toMatchObject({ code: "SQLITE_FULL" });
    expect(exactly(host)).toBe(1);
    await claimBoth(entitlements);
    free();
    await entitlements.enforce(both, (tx) => {
      large(tx);
      tx.exec("insert into project (org_id) values ('acme')");
    });
    expect(exactly(host)).toBe(3);
  });

  // SQLite has undone the whole transaction by then; fails where ending.ts does not ask whether it is still open.
  it("when the host writes and its function goes on: it is told that the transaction was over, nothing is left", async () => {
    const { host, entitlements } = await full();
    const swallowed = entitlements.enforce(both, (tx) => {
      tx.exec("insert into project (org_id) values ('acme')");
      try {
        large(tx);
      } catch {}
    });
    await expect(swallowed).rejects.toMatchObject({ code: "ENTITLEMENT_CONFIGURATION" });
    await expect(swallowed).rejects.toThrow(/went on after an error that had rolled it back/);
    expect(exactly(host)).toBe(1);
    await claimBoth(entitlements);
    expect(exactly(host)).toBe(2);
  });

  // Fails where session.ts does not translate, and where the function runs before the SDK has written.
  it("when the SDK writes: a StorageError that nothing was written, and the function never ran", async () => {
    const { host, entitlements, free } = await full();
    const credit = (index: number) => ({ orgId: `${"o".repeat(200)}${index}`, resourceType: "quota:credit" as const });
    let granted = 0;
    const fill = async (): Promise<never> => {
      for (;;) {
        await entitlements.consume(credit(granted));
        granted++;
      }
    };
    const refused = { code: "ENTITLEMENT_STORAGE", status: 503, outcome: "rolled-back" };
    await expect(fill()).rejects.toMatchObject({ ...refused, cause: { code: "SQLITE_FULL" } });
    const unused = entitlements.enforce(credit(granted), () => expect.fail("must not run"));
    await expect(unused).rejects.toMatchObject(refused);
    await expect(unused).rejects.toThrow(/The disk is full/);
    const limit = { ...project, orgId: "z".repeat(255), reason: "r".repeat(900), limit: 5 };
    await expect(entitlements.setLimit(limit)).rejects.toMatchObject(refused);
    // Reading and giving back need no space.
    expect(await entitlements.check(project)).toMatchObject({ current: 1, limit: null });
    const kept = (): number =>
      numberOf(host, "select count(*) from org_entitlement where used = 1 and org_id like 'o%'");
    expect(kept()).toBe(granted);
    free();
    await entitlements.consume(credit(granted));
    await entitlements.setLimit(limit);
    expect(kept()).toBe(granted + 1);
    expect(exactly(host)).toBe(1);
  });
});

/** Runs a command with a small file system of its own in the folder, which is gone with it. Wants root or a user namespace. */
const withSmallDisk = (folder: string): readonly string[] => [
  "unshare",
  ...(process.getuid?.() === 0 ? ["--mount"] : ["--mount", "--map-root-user"]),
  "sh",
  "-c",
  `mount -t tmpfs -o size=2m tmpfs "$0" && exec "$@"`,
  folder,
];

function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "entitlements-"));
  const [command = "", ...args] = [...withSmallDisk(folder), "true"];
  const { status } = spawnSync(command, args);
  rmSync(folder, { recursive: true });
  return status === 0;
}

describe("a disk that is full in COMMIT", () => {
  // Fails where ending.ts takes SQLITE_FULL for an unknown outcome, and where the connection is used again as if nothing had been.
  it.runIf(canMount())(
    "(a real one; skipped where none can be mounted): a StorageError that nothing was written",
    async () => {
      const { folder } = await createApp();
      const { answer } = await runVictim("fullDisk", join(folder, "small.db"), ["200000"], withSmallDisk(folder));
      const failed = {
        code: "ENTITLEMENT_STORAGE",
        outcome: "rolled-back",
        message: expect.stringMatching(/disk is full.*SQLITE_FULL/),
      };
      expect(answer).toEqual({
        ran: true,
        full: { name: "StorageError", ...failed },
        during: { rows: 1, used: 1, integrity: "ok" },
        freed: "granted",
        after: { rows: 2, used: 2, integrity: "ok" },
      });
    },
  );

  // Fails where ending.ts takes every failed COMMIT for undone: SQLite does not say how much of it has reached the disk.
  it.runIf(process.platform !== "win32")(
    "or fails otherwise, as at a quota: a StorageError with an unknown outcome, all or nothing",
    async () => {
      const app = await createApp();
      app.host.exec("create table ballast (bytes blob)");
      await claimBoth(app.entitlements);
      // In units of 512 or 1,024 bytes: enough for everything but the transaction's 400,000.
      const quota = ["sh", "-c", 'ulimit -f 300 && exec "$@"', "sh"];
      const { answer } = await runVictim("commitMuch", app.file, ["400000"], quota);
      expect(answer).toMatchObject({
        code: "ENTITLEMENT_STORAGE",
        outcome: "unknown",
        message: expect.stringContaining("SQLITE_IOERR"),
      });
      const now = exactly(app.host);
      expect([1, 2]).toContain(now);
      expect(numberOf(app.host, "select count(*) from ballast")).toBe(now - 1);
      await claimBoth(app.entitlements);
      expect(await runVictim("commitMuch", app.file, ["400000"])).toMatchObject({ answer: "granted" });
      expect(countProjects(app.host)).toBe(now + 2);
      expect(exactly(app.host)).toBe(now + 2);
    },
  );
});
